import { chmod, chown, mkdir, readdir, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { ToolError } from "@mcp-reference/validation";
import { describe, expect, it } from "vitest";
import { contentOf, createPlayground, outcome, variants, writeText } from "../../test/playground.js";

const isRoot = process.getuid?.() === 0;
const modeOf = async (file: string) => (await stat(file)).mode & 0o7777;

describe.each(variants)("replace, portable: $portable", ({ portable }) => {
  it("writes new files with what the umask leaves, and leaves nothing beside them", async () => {
    const { root, open } = await createPlayground();
    const sandbox = await open({ portable });
    const stats = await writeText(sandbox, "f", "new", "create");
    expect(await contentOf(`${root}/f`)).toBe("new");
    expect(await modeOf(`${root}/f`)).toBe(0o666 & ~process.umask());
    const { ino, size, mtimeMs, nlink } = await stat(`${root}/f`);
    expect(stats).toMatchObject({ ino, size, mtimeMs, nlink });
    expect(await readdir(root)).toEqual(["f"]);
  });

  it("does not create over anything that is there, dangling links' targets included", async () => {
    const { root, open } = await createPlayground();
    const sandbox = await open({ portable });
    await writeFile(`${root}/f`, "old");
    await symlink("f", `${root}/l`);
    for (const name of ["f", "l"])
      expect(await outcome(writeText(sandbox, name, "new", "create"))).toBe("ALREADY_EXISTS");
    // Also when the name is taken while the content is being written.
    const late = sandbox.replace("late", { mode: "create" }, async (handle) => {
      await handle.writeFile("mine");
      await writeFile(`${root}/late`, "theirs");
    });
    expect(await outcome(late)).toBe("ALREADY_EXISTS");
    expect(await contentOf(`${root}/late`)).toBe("theirs");
    expect(await contentOf(`${root}/f`)).toBe("old");
    expect(await readdir(root)).toEqual(["f", "l", "late"]);
  });

  it("gives one of many creators the name", async () => {
    const { root, open } = await createPlayground();
    const sandbox = await open({ portable });
    const creators = Array.from({ length: 20 }, (_, i) => outcome(writeText(sandbox, "f", `${i}`, "create")));
    const outcomes = await Promise.all(creators);
    expect(outcomes.filter((code) => code === "ok")).toHaveLength(1);
    expect(outcomes.filter((code) => code === "ALREADY_EXISTS")).toHaveLength(19);
    expect(await contentOf(`${root}/f`)).toBe(`${outcomes.indexOf("ok")}`);
  });

  it.runIf(process.platform !== "win32").each([0o600, 0o640, 0o755, 0o666, 0o4755, 0o2750])(
    "keeps mode %o",
    async (mode) => {
      const { root, open } = await createPlayground();
      const sandbox = await open({ portable });
      await writeFile(`${root}/f`, "old");
      await chmod(`${root}/f`, mode);
      await writeText(sandbox, "f", "new");
      expect(await modeOf(`${root}/f`)).toBe(mode);
    },
  );

  it.runIf(isRoot)("keeps the owner", async () => {
    const { root, open } = await createPlayground();
    const sandbox = await open({ portable });
    await writeFile(`${root}/f`, "old");
    await chown(`${root}/f`, 12_345, 23_456);
    await chmod(`${root}/f`, 0o6751);
    const { uid, gid, mode } = await writeText(sandbox, "f", "new");
    expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: 12_345, gid: 23_456, mode: 0o6751 });
  });

  it.runIf(!isRoot && process.platform !== "win32")("refuses a file that is write-protected", async () => {
    const { root, open } = await createPlayground();
    const sandbox = await open({ portable });
    await writeFile(`${root}/f`, "old");
    await chmod(`${root}/f`, 0o444);
    expect(await outcome(writeText(sandbox, "f", "new"))).toBe("PERMISSION_DENIED");
    expect(await contentOf(`${root}/f`)).toBe("old");
  });

  it("keeps the old content when writing or the last check fails", async () => {
    const { root, open } = await createPlayground();
    const sandbox = await open({ portable });
    await writeFile(`${root}/f`, "old");
    const seen: (number | undefined)[] = [];
    const failing = [
      sandbox.replace("f", { mode: "overwrite" }, async (handle) => {
        await handle.writeFile("half of the n");
        throw new ToolError("CANCELLED", "enough");
      }),
      sandbox.replace(
        "f",
        {
          mode: "overwrite",
          beforeCommit: (current) => {
            seen.push(current?.size);
            throw new ToolError("CONFLICT", "changed");
          },
        },
        (handle) => handle.writeFile("new"),
      ),
    ];
    expect(await Promise.all(failing.map(outcome))).toEqual(["CANCELLED", "CONFLICT"]);
    expect(seen).toEqual([3]);
    expect(await contentOf(`${root}/f`)).toBe("old");
    expect(await readdir(root)).toEqual(["f"]);
  });

  it("tells the last check what is there by then", async () => {
    const { root, open } = await createPlayground();
    const sandbox = await open({ portable });
    await writeFile(`${root}/f`, "old");
    const sizes: (number | undefined)[] = [];
    const beforeCommit = (current: { size: number } | undefined) => void sizes.push(current?.size);
    await sandbox.replace("f", { mode: "overwrite", beforeCommit }, async (handle) => {
      await handle.writeFile("new");
      await writeFile(`${root}/f`, "longer");
    });
    await sandbox.replace("f", { mode: "overwrite", beforeCommit }, () => rm(`${root}/f`));
    await sandbox.replace("g", { mode: "create", beforeCommit }, (handle) => handle.writeFile("g"));
    expect(sizes).toEqual([6, undefined, undefined]);
  });

  it("refuses what became a link or a directory meanwhile", async () => {
    const { root, outside, open } = await createPlayground();
    const sandbox = await open({ portable });
    await writeFile(`${outside}/f`, "outside");
    for (const swap of [() => symlink(`${outside}/f`, `${root}/f`), () => mkdir(`${root}/f`)]) {
      await writeFile(`${root}/f`, "old");
      const replacing = sandbox.replace("f", { mode: "overwrite" }, async (handle) => {
        await handle.writeFile("new");
        await rm(`${root}/f`);
        await swap();
      });
      expect(await outcome(replacing)).toBe("CONFLICT");
      await rm(`${root}/f`, { recursive: true });
    }
    expect(await contentOf(`${outside}/f`)).toBe("outside");
    expect(await readdir(root)).toEqual([]);
  });

  it("stays in the directory it began in", async () => {
    const { root, outside, open } = await createPlayground();
    const sandbox = await open({ portable });
    await mkdir(`${root}/d`);
    const replacing = sandbox.replace("d/f", { mode: "overwrite" }, async (handle) => {
      await handle.writeFile("new");
      await rename(`${root}/d`, `${root}/moved`);
      await symlink(outside, `${root}/d`);
    });
    expect(await outcome(replacing)).toBe(portable ? "CONFLICT" : "ok");
    expect(await readdir(outside)).toEqual([]);
    if (!portable) expect(await readdir(`${root}/moved`)).toEqual(["f"]);
  });

  it("keeps read-only roots as they are", async () => {
    const { root, open } = await createPlayground();
    await writeFile(`${root}/f`, "old");
    const sandbox = await open({ portable, roots: [{ path: root, readOnly: true }] });
    for (const name of ["f", "new"]) expect(await outcome(writeText(sandbox, name, "x"))).toBe("PERMISSION_DENIED");
    expect(await outcome(sandbox.place("f", { write: true }))).toBe("PERMISSION_DENIED");
    await (await sandbox.place("f")).close();
    expect(await readdir(root)).toEqual(["f"]);
  });

  it("takes names as long as the file system does", async () => {
    const { root, open } = await createPlayground();
    const sandbox = await open({ portable });
    for (const name of ["n".repeat(255), "💥".repeat(63), `${"é".repeat(127)}x`]) {
      await writeText(sandbox, name, name);
      await writeText(sandbox, name, name);
      expect(await contentOf(`${root}/${name}`)).toBe(name);
    }
    expect(await readdir(root)).toHaveLength(3);
  });
});
