import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { openSandbox, type PathSandbox } from "@mcp-reference/security";
import { tempDir } from "@mcp-reference/testing";
import { afterEach, describe, expect, it } from "vitest";
import { copyPath } from "../copy/copy-path.js";
import { movePath } from "../move/move-path.js";
import { removePath } from "../remove/remove-path.js";
import type { WriteContext } from "../write/locked.js";
import { PathLocks } from "../write/path-locks.js";

let sandbox: PathSandbox | undefined;
afterEach(() => sandbox?.close());

async function open(dir: string, portable: boolean): Promise<WriteContext> {
  sandbox = await openSandbox({ roots: [{ path: dir }], portable });
  return { sandbox, locks: new PathLocks(), signal: new AbortController().signal };
}

const ignore = () => {};
const names = async (dir: string) => (await readdir(dir, { recursive: true })).sort();

describe.each([false, true])("with portable %s", (portable) => {
  it("copies, moves and removes trees", async () => {
    const dir = await tempDir();
    const context = await open(dir, portable);
    await mkdir(path.join(dir, "a/b"), { recursive: true });
    await writeFile(path.join(dir, "a/b/f"), "content");
    await symlink("b/f", path.join(dir, "a/l"));
    const copy = { source: "a", destination: "copy", overwrite: false, recursive: true };
    expect(await copyPath(context, copy, ignore)).toMatchObject({ files: 1, bytes: 7 });
    await movePath(context, { source: "copy", destination: "moved", overwrite: false });
    await movePath(context, { source: "moved/b/f", destination: "moved/g", overwrite: false });
    expect(await readFile(path.join(dir, "moved/g"), "utf8")).toBe("content");
    expect(await removePath(context, "a", true, ignore)).toBe(4);
    expect(await names(dir)).toEqual(["moved", "moved/b", "moved/g", "moved/l"]);
  });
});

it("copies nothing from outside while directories are swapped for links", async () => {
  const [dir, outside] = [await tempDir(), await tempDir()];
  const context = await open(dir, false);
  const at = (...parts: string[]) => path.join(dir, ...parts);
  for (let index = 0; index < 40; index++) await writeFile(path.join(outside, `${index}`), "from outside");
  for (let round = 0; round < 40; round++) {
    await mkdir(at("d/e"), { recursive: true });
    for (let index = 0; index < 40; index++) await writeFile(at("d/e", `${index}`), "from inside");
    const copying = copyPath(context, { source: "d", destination: "copy", overwrite: false, recursive: true }, ignore);
    const swapping = rename(at("d/e"), at("away")).then(() => symlink(outside, at("d/e")));
    await Promise.allSettled([copying, swapping]);
    const copied = await readdir(at("copy/e"), { withFileTypes: true }).catch(() => []);
    const link = await readdir(at("copy"), { withFileTypes: true }).catch(() => []);
    if (!link.some((entry) => entry.isSymbolicLink())) {
      for (const { name } of copied) expect(await readFile(at("copy/e", name), "utf8")).toBe("from inside");
    }
    for (const name of ["d", "away", "copy"]) await rm(at(name), { recursive: true, force: true });
  }
  expect(await readdir(dir)).toEqual([]);
});
