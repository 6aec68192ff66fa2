import { mkdir, readdir, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentOf, createPlayground, outcome, readText, variants, writeText } from "../../test/playground.js";

/** A tree of a few names, so that links often meet something. */
const name = fc.constantFrom("a", "b", "c", "l", "m");
const treePath = fc.array(name, { minLength: 1, maxLength: 3 });
const target = fc
  .tuple(
    fc.constantFrom("", "", "ROOT/", "OUTSIDE/", "/"),
    fc.array(fc.oneof(name, fc.constantFrom("..", ".", "..", "root", "outside")), { minLength: 1, maxLength: 5 }),
  )
  .map(([start, steps]) => start + steps.join("/"))
  // A way back in from a directory outside is refused: what that directory is, nobody may look.
  .filter((to) => !/outside\/(.*\/)?\.\.(\/|$)/i.test(to));
const entry = fc.record({
  at: treePath,
  kind: fc.oneof(
    { weight: 2, arbitrary: fc.constant("directory" as const) },
    { weight: 2, arbitrary: fc.constant("file" as const) },
    { weight: 4, arbitrary: target.map((to) => ({ to })) },
  ),
});

describe.each(variants)("links, portable: $portable", ({ portable }) => {
  it("say of a file that is asked for as a directory that it is none", async () => {
    const { root, open } = await createPlayground();
    await writeFile(`${root}/file`, "");
    await symlink("file", `${root}/link`);
    const sandbox = await open({ portable });
    for (const asked of ["file", "link"]) {
      await expect(sandbox.openDirectory(asked)).rejects.toThrow(/is not a directory/);
    }
  });

  it("lead where the kernel says, as long as that is inside", async () => {
    const { folder, root, outside, open } = await createPlayground();
    const sandbox = await open({ portable });
    await writeFile(`${outside}/a`, "outside");
    await mkdir(`${outside}/b`);
    await writeFile(`${outside}/b/c`, "outside");
    const trees = fc.array(entry, { minLength: 1, maxLength: 12 });
    let inside = 0;
    await fc.assert(
      fc.asyncProperty(trees, fc.array(treePath, { minLength: 10, maxLength: 10 }), async (entries, paths) => {
        for (const found of await readdir(root)) await rm(`${root}/${found}`, { recursive: true });
        await make(plan(entries), root, outside);
        for (const asked of paths) {
          const real = await realpath(path.join(root, ...asked)).catch(() => undefined);
          const isInside = real?.startsWith(`${root}/`) === true && (await stat(real)).isFile();
          const result = await sandbox.openFile(asked.join("/")).catch((error: unknown) => error as Error);
          if (result instanceof Error) {
            expect(outcomeOf(result)).toBeDefined();
            if (isInside) expect.fail(`${asked.join("/")} is inside, but: ${result}`);
          } else {
            await result.close();
            expect(result.path.startsWith(`${root}/`)).toBe(true);
            expect(await realpath(result.path)).toBe(result.path);
            if (real !== undefined) expect(result.path).toBe(real);
            inside++;
          }
        }
      }),
      { numRuns: 600 },
    );
    expect(inside).toBeGreaterThan(10);
    expect(await readdir(folder)).toHaveLength(2);
  });

  it("that lead outside tell nothing about it", async () => {
    const { folder, root, outside, open } = await createPlayground();
    await writeFile(`${outside}/there`, "x");
    const sandbox = await open({ portable });
    const targets = [`${outside}/there`, `${outside}/missing`, "../outside/there", "../outside/missing", "../.."];
    const messages = new Set<string>();
    for (const to of targets) {
      await rm(`${root}/link`, { force: true });
      await symlink(to, `${root}/link`);
      const error = await sandbox.openFile("link").catch((refusal: unknown) => refusal as Error);
      messages.add(JSON.stringify(error, ["code", "message", "hint"]));
    }
    expect(messages.size).toBe(1);
    const [message] = messages;
    expect(message).toContain("OUTSIDE_ROOT");
    expect(message).toContain(root);
    expect(message).not.toContain(outside);
    expect(message).not.toContain(folder.concat("/outside"));
  });

  it("may cross from root to root, with the rights of where they end", async () => {
    const { folder, root, open } = await createPlayground();
    await mkdir(`${folder}/other`);
    await writeFile(`${folder}/other/f`, "other");
    await symlink("../other", `${root}/relative`);
    await symlink(`${folder}/other/f`, `${root}/absolute`);
    const sandbox = await open({ portable, roots: [{ path: root }, { path: `${folder}/other`, readOnly: true }] });
    expect(await readText(sandbox, "relative/f")).toBe("other");
    expect(await readText(sandbox, "absolute")).toBe("other");
    expect(await outcome(writeText(sandbox, "relative/f", "x"))).toBe("PERMISSION_DENIED");
    expect(await outcome(writeText(sandbox, "absolute", "x"))).toBe("PERMISSION_DENIED");
    expect(await contentOf(`${folder}/other/f`)).toBe("other");
  });

  it("do not make a read-only root inside a writable one writable", async () => {
    const { root, open } = await createPlayground();
    await mkdir(`${root}/ro/deep`, { recursive: true });
    await writeFile(`${root}/ro/deep/f`, "kept");
    await mkdir(`${root}/a`);
    for (const [at, to] of [
      ["l1", "ro/deep/f"],
      ["l2", "a/../ro/deep/f"],
      ["l3", `${root}/ro`],
      ["a/up", "../ro/deep"],
    ] as const) {
      await symlink(to, `${root}/${at}`);
    }
    const sandbox = await open({ portable, roots: [{ path: root }, { path: `${root}/ro`, readOnly: true }] });
    for (const file of ["l1", "l2", "l3/deep/f", "a/up/f", "ro/deep/f", `${root}/ro/deep/f`]) {
      expect(await readText(sandbox, file)).toBe("kept");
      expect(await outcome(writeText(sandbox, file, "lost"))).toBe("PERMISSION_DENIED");
    }
    // On some file systems RO and ro are one.
    await mkdir(`${root}/RO`, { recursive: true });
    expect(await outcome(writeText(sandbox, "RO/f", "x"))).toBe("PERMISSION_DENIED");
    // Nor can it be moved or deleted by way of a directory that holds it.
    const around = await open({ portable, roots: [{ path: root }, { path: `${root}/ro/deep`, readOnly: true }] });
    for (const holder of ["ro", `${root}/ro/deep`]) {
      expect(await outcome(around.place(holder, { write: true, followLeaf: false }))).not.toBe("ok");
    }
    await (await around.place("ro")).close();
    expect(await contentOf(`${root}/ro/deep/f`)).toBe("kept");
  });

  it("at the end of a path are written through, dangling ones too, or named themselves", async () => {
    const { root, open } = await createPlayground();
    await writeFile(`${root}/f`, "old");
    await symlink("f", `${root}/link`);
    await symlink("link", `${root}/twice`);
    await symlink("new", `${root}/dangling`);
    const sandbox = await open({ portable });
    await writeText(sandbox, "twice", "through");
    await writeText(sandbox, "dangling", "made");
    expect(await contentOf(`${root}/f`)).toBe("through");
    expect(await contentOf(`${root}/new`)).toBe("made");
    const place = await sandbox.place("twice", { followLeaf: false });
    expect(place.stats?.isSymbolicLink()).toBe(true);
    expect(place.path).toBe(`${root}/twice`);
    await place.close();
  });

  it("in circles or too many in a row are refused", async () => {
    const { root, open } = await createPlayground();
    await symlink("self", `${root}/self`);
    await symlink("ping", `${root}/pong`);
    await symlink("pong", `${root}/ping`);
    await symlink("grow/x", `${root}/grow`);
    await symlink("wide/../wide/../wide", `${root}/wide`);
    await writeFile(`${root}/0`, "end");
    for (let i = 1; i <= 45; i++) await symlink(`${i - 1}`, `${root}/${i}`);
    const sandbox = await open({ portable });
    for (const link of ["self", "ping", "grow", "wide", "45", "self/x"]) {
      expect(await outcome(sandbox.openFile(link))).toBe("INVALID_ARGUMENT");
    }
    expect(await readText(sandbox, "39")).toBe("end");
  });

  it("of the root itself are its alias", async () => {
    const { folder, root, open } = await createPlayground();
    await writeFile(`${root}/f`, "x");
    await symlink(root, `${folder}/alias`);
    await symlink(`${folder}/alias/f`, `${root}/link`);
    const sandbox = await open({ portable, roots: [{ path: `${folder}/alias` }] });
    expect(await readText(sandbox, `${folder}/alias/f`)).toBe("x");
    expect(await readText(sandbox, `${root}/f`)).toBe("x");
    expect(await readText(sandbox, `${root}/link`)).toBe("x");
    expect(sandbox.roots).toEqual([{ path: root, alias: `${folder}/alias`, writable: true, policyPath: "" }]);
  });
});

const outcomeOf = (error: Error) => ("code" in error && error.name === "ToolError" ? error.code : undefined);

type Kind = "directory" | "file" | { to: string };

/**
 * The first claim to a path wins. Decided in memory, before anything is made: the generated links lead anywhere on the
 * machine, and nothing may be created through one.
 */
function plan(entries: readonly { at: string[]; kind: Kind }[]): Map<string, Kind> {
  const tree = new Map<string, Kind>();
  for (const { at, kind } of entries) {
    const parents = at.slice(1).map((_, index) => at.slice(0, index + 1).join("/"));
    if (parents.some((parent) => (tree.get(parent) ?? "directory") !== "directory")) continue;
    for (const parent of parents) tree.set(parent, "directory");
    if (!tree.has(at.join("/"))) tree.set(at.join("/"), kind);
  }
  return tree;
}

async function make(tree: ReadonlyMap<string, Kind>, root: string, outside: string): Promise<void> {
  for (const [at, kind] of tree) {
    if (kind === "directory") await mkdir(`${root}/${at}`);
    else if (kind === "file") await writeFile(`${root}/${at}`, "inside");
    else await symlink(kind.to.replace("ROOT", root).replace("OUTSIDE", outside), `${root}/${at}`);
  }
}
