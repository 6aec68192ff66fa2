import { writeFile } from "node:fs/promises";
import path from "node:path";
import { connect, errorOf, tempDir, textOf } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it } from "vitest";
import definition from "../index.js";

let dir: string;
let read: (paths: string[], more?: object) => ReturnType<Awaited<ReturnType<typeof connect>>["callTool"]>;

beforeEach(async () => {
  dir = await tempDir();
  const client = await connect(definition, { argv: [dir, "--max-output", "16k"] });
  read = (paths, more = {}) => client.callTool("read_multiple_files", { paths, ...more });
});

describe("read_multiple_files", () => {
  it("gives every file below its path, and errors in their place", async () => {
    await writeFile(path.join(dir, "a.txt"), "a\n");
    await writeFile(path.join(dir, "b.txt"), "b");
    await writeFile(path.join(dir, ".env"), "KEY=hush");
    await writeFile(path.join(dir, "c.bin"), "\0");
    const text = textOf(await read(["a.txt", "none.txt", "b.txt", "../x", ".env", "c.bin"]));
    const sections = text.split("\n---\n");
    expect(sections[0]).toBe("a.txt:\na\n");
    expect(sections[1]).toMatch(/^none\.txt: NOT_FOUND: /);
    expect(sections[2]).toBe("b.txt:\nb");
    expect(sections[3]).toMatch(/^\.\.\/x: OUTSIDE_ROOT: /);
    expect(sections[4]).toMatch(/^\.env: PERMISSION_DENIED: /);
    expect(sections[5]).toMatch(/^c\.bin: UNSUPPORTED: /);
    expect(text).not.toContain("hush");
  });

  it("cuts large files to share the room, and says how to go on", async () => {
    await writeFile(path.join(dir, "large.txt"), "0123456789\n".repeat(10_000));
    await writeFile(path.join(dir, "other.txt"), "abcdefghij\n".repeat(10_000));
    await writeFile(path.join(dir, "small.txt"), "small\n");
    const [large = "", small, other = ""] = textOf(await read(["large.txt", "small.txt", "other.txt"])).split(
      "\n---\n",
    );
    expect(small).toBe("small.txt:\nsmall\n");
    const [, to, next] = /^large\.txt: \[Lines 1–(\d+), .*Continue with offset (\d+)\.\]\n/.exec(large) ?? [];
    expect(Number(next)).toBe(Number(to) + 1);
    expect(Number(to)).toBeGreaterThan(600);
    expect(large.split("\n").slice(1, -1)).toEqual(Array(Number(to)).fill("0123456789"));
    expect(other).toContain(`Lines 1–${to}`);
  });

  it("keeps to max_bytes and never breaks the result's own limit", async () => {
    const paths = Array.from({ length: 50 }, (_, index) => `${index}.txt`);
    await Promise.all(paths.map((name) => writeFile(path.join(dir, name), "y".repeat(99).concat("\n").repeat(100))));
    const result = await read(paths);
    expect(errorOf(result)).toBeUndefined();
    const bounded = textOf(await read(paths, { max_bytes: 1000 }));
    expect(bounded.replace(/[^y]/g, "").length).toBeLessThanOrEqual(1000);
    expect(bounded).toContain("49.txt: [");
    expect(textOf(await read(["0.txt"], { max_bytes: 200 }))).toMatch(/^0\.txt: \[Lines 1–2, /);
  });
});
