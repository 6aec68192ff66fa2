import { readdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { connect, errorOf, tempDir } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it } from "vitest";
import definition from "../index.js";

let dir: string;
let make: (name: string) => ReturnType<Awaited<ReturnType<typeof connect>>["callTool"]>;

beforeEach(async () => {
  dir = await tempDir();
  const client = await connect(definition, { argv: [dir] });
  make = (name) => client.callTool("create_directory", { path: name });
});

describe("create_directory", () => {
  it("makes what is missing, and is content with what is there", async () => {
    expect((await make("a/b/c")).structuredContent).toEqual({ created: ["a", "a/b", "a/b/c"] });
    expect((await make("a/b/c/")).structuredContent).toEqual({ created: [] });
    expect((await make(path.join(dir, "a", "x", "..", "y"))).structuredContent).toEqual({
      created: [path.join(dir, "a/y")],
    });
    expect((await make(".")).structuredContent).toEqual({ created: [] });
    expect(await readdir(dir, { recursive: true })).toEqual(expect.arrayContaining(["a", "a/b", "a/b/c", "a/y"]));
  });

  it("is made once by many at the same time", async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => make("p/q/r")));
    expect(results.filter((result) => result.isError)).toEqual([]);
    expect(
      results.flatMap(({ structuredContent }) => (structuredContent as { created: string[] }).created).sort(),
    ).toEqual(["p", "p/q", "p/q/r"]);
  });

  it("refuses names that are taken, secret or outside", async () => {
    const outside = await tempDir();
    await writeFile(path.join(dir, "file"), "");
    await symlink(outside, path.join(dir, "out"));
    for (const [name, code] of [
      ["file", "ALREADY_EXISTS"],
      ["file/x", "INVALID_ARGUMENT"],
      [".ssh/x", "PERMISSION_DENIED"],
      ["../x", "OUTSIDE_ROOT"],
      ["out/x", "OUTSIDE_ROOT"],
    ] as const) {
      expect(errorOf(await make(name))?.code, name).toBe(code);
    }
    expect(await readdir(outside)).toEqual([]);
  });
});
