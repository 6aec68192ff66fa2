import { execFileSync } from "node:child_process";
import { chmod, mkdir, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { connect, errorOf, missingLeaves, tempDir, textOf } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it } from "vitest";
import definition from "../index.js";

let dir: string;
let client: Awaited<ReturnType<typeof connect>>;

beforeEach(async () => {
  dir = await tempDir();
  client = await connect(definition, { argv: [dir] });
});

const at = (...names: string[]) => path.join(dir, ...names);

async function info(args: object): Promise<Record<string, unknown>[]> {
  const result = await client.callTool("get_file_info", { ...args });
  if (result.isError) throw new Error(textOf(result));
  expect(missingLeaves(result.structuredContent, textOf(result))).toEqual([]);
  return (result.structuredContent as { files: Record<string, unknown>[] }).files;
}

describe("get_file_info", () => {
  it("tells what is known about a file", async () => {
    await writeFile(at("a.md"), "# A\n");
    await chmod(at("a.md"), 0o604);
    await utimes(at("a.md"), 1_700_000_000, 1_700_000_001);
    expect(await info({ path: "a.md" })).toEqual([
      {
        path: "a.md",
        kind: "file",
        size: 4,
        created: expect.stringMatching(/Z$/),
        modified: "2023-11-14T22:13:21Z",
        accessed: "2023-11-14T22:13:20Z",
        permissions: "604",
        etag: expect.any(String),
        mime_type: "text/markdown",
      },
    ]);
  });

  it("agrees with the digests of the system", async () => {
    await writeFile(at("a"), Buffer.alloc(3_000_000, "abc"));
    for (const hash of ["sha256", "sha1", "md5"]) {
      const [digest] = execFileSync(`${hash}sum`, [at("a")], { encoding: "utf8" }).split(" ");
      expect(await info({ path: "a", hash })).toMatchObject([{ hash: digest }]);
    }
  });

  it("tells kinds, follows links inside and no others", async () => {
    await mkdir(at("d"));
    await writeFile(at("d/f"), "12");
    await symlink("d/f", at("inside"));
    await symlink("d", at("to-dir"));
    await symlink("/etc/passwd", at("outside"));
    await symlink("none", at("dangling"));
    execFileSync("mkfifo", [at("pipe")]);
    const found = await info({ paths: [".", "d", "inside", "to-dir", "outside", "dangling", "pipe"], hash: "md5" });
    expect(found.map(({ kind }) => kind)).toEqual([
      "directory",
      "directory",
      "file",
      "directory",
      "link",
      "link",
      "fifo",
    ]);
    expect(found[2]).toMatchObject({ size: 2, link_target: at("d/f") });
    expect(found[3]).toMatchObject({ link_target: at("d") });
    expect(found[4]?.link_target).toBeUndefined();
    expect(JSON.stringify(found)).not.toContain("passwd");
  });

  it("tells errors in their place, and alone for a single path", async () => {
    await writeFile(at("a"), "");
    await writeFile(at(".env"), "KEY=1");
    const found = await info({ paths: ["none", "a", ".env", "../x"] });
    expect(found.map(({ error }) => String(error).split(":")[0])).toEqual([
      "NOT_FOUND",
      "undefined",
      "PERMISSION_DENIED",
      "OUTSIDE_ROOT",
    ]);
    const code = async (args: object) => errorOf(await client.callTool("get_file_info", { ...args }))?.code;
    expect(await code({ path: "none" })).toBe("NOT_FOUND");
    expect(await code({ path: ".env" })).toBe("PERMISSION_DENIED");
    expect(await code({})).toBe("INVALID_ARGUMENT");
    expect(await code({ path: "a", paths: ["a"] })).toBe("INVALID_ARGUMENT");
  });

  it("does not read a huge file unless its digest is asked for", async () => {
    await writeFile(at("huge"), "");
    await truncate(at("huge"), 3e12);
    expect(await info({ path: "huge" })).toMatchObject([{ size: 3e12 }]);
  });
});
