import { mkdir, symlink, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPlayground, outcome, readText, variants, writeText } from "../../test/playground.js";

describe.each(variants)("narrow, portable: $portable", ({ portable }) => {
  const playground = async () => {
    const { folder, root, outside, open } = await createPlayground();
    for (const directory of ["a/deep", "ro/sub", ".aws", ".ssh"])
      await mkdir(`${root}/${directory}`, { recursive: true });
    await mkdir(`${folder}/other`);
    for (const file of ["f", "a/f", "a/deep/f", "ro/f", "ro/sub/f", ".aws/credentials", ".aws/config", ".ssh/f"]) {
      await writeFile(`${root}/${file}`, file);
    }
    await writeFile(`${outside}/f`, "outside");
    await symlink("../outside", `${root}/out`);
    await symlink("a", `${root}/link`);
    await symlink(`${root}/a`, `${outside}/in`);
    await symlink(root, `${folder}/alias`);
    const roots = [{ path: `${folder}/alias` }, { path: `${root}/ro`, readOnly: true }, { path: `${folder}/other` }];
    return { folder, root, outside, sandbox: await open({ portable, roots }) };
  };

  it("takes directories inside a root as roots with its rights", async () => {
    const { root, outside, sandbox } = await playground();
    const narrowed = await sandbox.narrow([`${root}/a`, `${root}/ro/sub`, `${root}/link`, `${outside}/in/deep`]);
    expect(narrowed.roots.map(({ path, writable }) => [path, writable])).toEqual([
      [`${root}/a`, true],
      [`${root}/ro/sub`, false],
      [`${root}/a/deep`, true],
    ]);
    expect(await readText(narrowed, "f")).toBe("a/f");
    expect(await readText(narrowed, `${outside}/in/deep/f`)).toBe("a/deep/f");
    expect(await outcome(narrowed.openFile(`${root}/f`))).toBe("OUTSIDE_ROOT");
    expect(await outcome(writeText(narrowed, `${root}/ro/sub/f`, "x"))).toBe("PERMISSION_DENIED");
    await narrowed.close();
    expect(await readText(sandbox, "f")).toBe("f");
  });

  it("takes the roots inside a path as they are, read-only ones inside others too", async () => {
    const { folder, root, sandbox } = await playground();
    for (const within of ["/", folder, `${folder}/`, `${folder}/alias/..`]) {
      const narrowed = await sandbox.narrow([within]);
      expect(narrowed.roots).toEqual(sandbox.roots);
      await narrowed.close();
    }
    const narrowed = await sandbox.narrow([root]);
    expect(narrowed.roots.map(({ path, writable }) => [path, writable])).toEqual([
      [root, true],
      [`${root}/ro`, false],
    ]);
    expect(await outcome(writeText(narrowed, `${root}/ro/f`, "x"))).toBe("PERMISSION_DENIED");
    await narrowed.close();
  });

  it("takes nothing from paths outside, missing, hidden or not a directory", async () => {
    const { folder, root, outside, sandbox } = await playground();
    const nothing = [
      outside,
      `${root}/out`,
      `${root}/nope`,
      `${root}/f`,
      `${root}/.ssh`,
      `${root}x`,
      `${folder}/nope`,
      "a\0",
    ];
    const narrowed = await sandbox.narrow(nothing);
    expect(narrowed.roots).toEqual([]);
    for (const path of ["f", root, outside]) {
      await expect(narrowed.openFile(path)).rejects.toMatchObject({ code: "OUTSIDE_ROOT" });
      await expect(narrowed.openFile(path)).rejects.toThrow("no directory is allowed");
    }
    expect((await (await narrowed.narrow(["/"])).roots).length).toBe(0);
    await narrowed.close();
  });

  it("does not uncover what was hidden", async () => {
    const { root, sandbox } = await playground();
    const narrowed = await sandbox.narrow([`${root}/.aws`]);
    expect(await readText(narrowed, "config")).toBe(".aws/config");
    expect(await outcome(narrowed.openFile("credentials"))).toBe("PERMISSION_DENIED");
    await narrowed.close();
  });

  it("never reaches further than what it came from", async () => {
    const { folder, root, outside, sandbox } = await playground();
    const where = fc
      .tuple(
        fc.constantFrom(folder, root, outside, "", "/"),
        fc.array(
          fc.constantFrom(
            "a",
            "deep",
            "ro",
            "sub",
            "out",
            "link",
            "in",
            "..",
            "alias",
            ".aws",
            "f",
            "credentials",
            "other",
            ".ssh",
          ),
          { maxLength: 4 },
        ),
      )
      .map(([start, steps]) => [start, ...steps].join("/") || ".");
    await fc.assert(
      fc.asyncProperty(
        fc.array(where, { maxLength: 3 }),
        fc.array(where, { maxLength: 2 }),
        where,
        async (first, second, file) => {
          const narrowed = await sandbox.narrow(first);
          const twice = await narrowed.narrow(second);
          for (const smaller of [narrowed, twice]) {
            if (!file.startsWith("/")) continue;
            const opened = await smaller.openFile(file).catch(() => undefined);
            if (!opened) continue;
            // Another spelling may be new to the whole; the file it leads to is not.
            expect(await readText(sandbox, opened.path)).not.toBe("outside");
            expect(smaller.roots.some((root) => opened.path.startsWith(`${root.path}/`))).toBe(true);
            await opened.close();
          }
          for (const { path, writable } of twice.roots) {
            const place = await outcome(sandbox.place(`${path}/new`, { write: true }).then((found) => found.close()));
            expect(place === "ok").toBe(writable);
          }
          await narrowed.close();
          await twice.close();
        },
      ),
      { numRuns: 150 },
    );
  });
});
