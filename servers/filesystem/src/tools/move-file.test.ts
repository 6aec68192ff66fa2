import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect, errorOf, tempDir } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it } from "vitest";
import definition from "../index.js";

const elsewhere = await otherFileSystem();

let dir: string;
let move: (source: string, destination: string, overwrite?: boolean) => Promise<string>;

beforeEach(async () => {
  dir = await tempDir();
  const client = await connect(definition, { argv: [dir] });
  move = async (source, destination, overwrite = false) => {
    const result = await client.callTool("move_file", { source, destination, overwrite });
    return errorOf(result)?.code ?? "ok";
  };
});

const at = (...names: string[]) => path.join(dir, ...names);
const plant = (name: string, content = name) => writeFile(at(name), content);
const content = (name: string) => readFile(at(name), "utf8");

describe("move_file", () => {
  it("moves and renames files and directories", async () => {
    await mkdir(at("d/e"), { recursive: true });
    await plant("a.txt");
    await plant("d/e/x");
    const { ino } = await stat(at("a.txt"));
    expect(await move("a.txt", "d/b.txt")).toBe("ok");
    expect((await stat(at("d/b.txt"))).ino).toBe(ino);
    expect(await move("d", "moved")).toBe("ok");
    expect(await content("moved/e/x")).toBe("d/e/x");
    expect(await readdir(dir)).toEqual(["moved"]);
  });

  it("replaces only when told to", async () => {
    await plant("a");
    await plant("b");
    expect(await move("a", "b")).toBe("ALREADY_EXISTS");
    expect([await content("a"), await content("b")]).toEqual(["a", "b"]);
    expect(await move("a", "b", true)).toBe("ok");
    expect(await content("b")).toBe("a");
    expect(await readdir(dir)).toEqual(["b"]);
  });

  it("loses nothing when many move to one name", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `from-${index}`);
    await Promise.all(names.map((name) => plant(name)));
    const outcomes = await Promise.all(names.map((name) => move(name, "to")));
    expect(outcomes.filter((outcome) => outcome === "ok")).toHaveLength(1);
    const left = await Promise.all((await readdir(dir)).map(content));
    expect(left.sort()).toEqual(names.sort());
  });

  it("moves a link itself, wherever it leads", async () => {
    await symlink("/etc/passwd", at("l"));
    await symlink("nowhere", at("dangling"));
    expect(await move("l", "m")).toBe("ok");
    expect(await readlink(at("m"))).toBe("/etc/passwd");
    expect(await move("dangling", "d2")).toBe("ok");
    expect(await move("m", "d2")).toBe("ALREADY_EXISTS");
    expect(await move("m", "d2", true)).toBe("ok");
    expect(await readlink(at("d2"))).toBe("/etc/passwd");
    expect(await readdir(dir)).toEqual(["d2"]);
  });

  it("refuses to move onto or into itself, and keeps one of two hard links", async () => {
    await mkdir(at("d/e"), { recursive: true });
    await plant("a");
    await link(at("a"), at("b"));
    expect(await move("a", "a")).toBe("INVALID_ARGUMENT");
    expect(await move("a", "./d/../a", true)).toBe("INVALID_ARGUMENT");
    expect(await move("d", "d/e/f")).toBe("INVALID_ARGUMENT");
    expect(await move("a", "b")).toBe("ALREADY_EXISTS");
    expect(await move("a", "b", true)).toBe("ok");
    expect(await readdir(dir)).toEqual(["b", "d"]);
    expect(await content("b")).toBe("a");
  });

  it("changes case only", async () => {
    await plant("readme.md");
    expect(await move("readme.md", "README.md")).toBe("ok");
    expect(await readdir(dir)).toEqual(["README.md"]);
  });

  it("does not replace a directory that holds anything, nor mix files and directories", async () => {
    await mkdir(at("empty"));
    await mkdir(at("full"));
    await plant("full/x");
    await plant("a");
    expect(await move("empty", "full")).toBe("ALREADY_EXISTS");
    expect(await move("empty", "full", true)).toBe("CONFLICT");
    expect(await move("a", "full", true)).toBe("UNSUPPORTED");
    expect(await move("full", "a", true)).toBe("INVALID_ARGUMENT");
    expect(await move("full", "empty", true)).toBe("ok");
    expect(await readdir(dir, { recursive: true })).toEqual(["a", "empty", "empty/x"]);
  });

  it("refuses roots, secrets, read-only roots and what is outside", async () => {
    const [outside, readOnly] = [await tempDir(), await tempDir()];
    await writeFile(path.join(readOnly, "r"), "r");
    await plant("a");
    await plant(".env", "KEY=1");
    await mkdir(at("d"));
    await plant("d/id_rsa");
    await symlink(outside, at("out"));
    const client = await connect(definition, { argv: [dir, `${readOnly}:ro`] });
    const code = async (source: string, destination: string) =>
      errorOf(await client.callTool("move_file", { source, destination, overwrite: true }))?.code;
    expect(await code(".", "x")).toBe("INVALID_ARGUMENT");
    expect(await code(".env", "env")).toBe("PERMISSION_DENIED");
    expect(await code("a", ".env")).toBe("PERMISSION_DENIED");
    expect(await code("d", "e")).toBe("PERMISSION_DENIED");
    expect(await code("a", path.join(outside, "a"))).toBe("OUTSIDE_ROOT");
    expect(await code("a", "out/a")).toBe("OUTSIDE_ROOT");
    expect(await code("/etc/hostname", "h")).toBe("OUTSIDE_ROOT");
    expect(await code("a", path.join(readOnly, "a"))).toBe("PERMISSION_DENIED");
    expect(await code(path.join(readOnly, "r"), "r")).toBe("PERMISSION_DENIED");
    expect(await code("none", "x")).toBe("NOT_FOUND");
    expect(await code("a", "no/such")).toBe("NOT_FOUND");
    expect((await readdir(dir)).sort()).toEqual([".env", "a", "d", "out"]);
    expect(await readdir(outside)).toEqual([]);
  });

  it.runIf(elsewhere)("moves files to another file system", async () => {
    const other = path.join(elsewhere ?? "", `mcp-test-${process.pid}`);
    await mkdir(other);
    try {
      const client = await connect(definition, { argv: [dir, other] });
      const call = async (source: string, destination: string, overwrite = false) =>
        errorOf(await client.callTool("move_file", { source, destination, overwrite }))?.code ?? "ok";
      await plant("a", "content");
      await chmod(at("a"), 0o640);
      await utimes(at("a"), 1000, 2000);
      expect(await call("a", path.join(other, "b"))).toBe("ok");
      expect(await stat(path.join(other, "b"))).toMatchObject({ size: 7, mtimeMs: 2_000_000 });
      expect((await stat(path.join(other, "b"))).mode & 0o777).toBe(0o640);
      await plant("c", "other");
      expect(await call("c", path.join(other, "b"))).toBe("ALREADY_EXISTS");
      expect(await call("c", path.join(other, "b"), true)).toBe("ok");
      await symlink("c", at("l"));
      expect(await call("l", path.join(other, "l"))).toBe("ok");
      expect((await lstat(path.join(other, "l"))).isSymbolicLink()).toBe(true);
      await mkdir(at("d"));
      expect(await call("d", path.join(other, "d"))).toBe("UNSUPPORTED");
      expect(await readdir(dir)).toEqual(["d"]);
    } finally {
      await rm(other, { recursive: true });
    }
  });
});

/** A directory on another device, where the machine has one that anybody may use. */
async function otherFileSystem(): Promise<string | undefined> {
  const { dev } = await stat(tmpdir());
  for (const candidate of ["/dev/shm", "/var/tmp", process.cwd()]) {
    const found = await stat(candidate).catch(() => undefined);
    if (found && found.dev !== dev) return candidate;
  }
  return undefined;
}
