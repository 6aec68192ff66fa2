import { chmod, link, readdir, readFile, stat, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { connect, errorOf, tempDir, textOf } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it } from "vitest";
import definition from "../index.js";

type Args = Record<string, unknown>;

let dir: string;
let client: Awaited<ReturnType<typeof connect>>;

beforeEach(async () => {
  dir = await tempDir();
  client = await connect(definition, { argv: [dir, "--max-output", "16k"] });
});

const edit = (oldText: string, newText: string, more: Args = {}) =>
  client.callTool("edit_file", { path: "a.txt", edits: [{ oldText, newText }], ...more });
const content = (name = "a.txt") => readFile(path.join(dir, name), "utf8");
const plant = (text: string | Buffer, name = "a.txt") => writeFile(path.join(dir, name), text);

describe("edit_file", () => {
  it("changes the file and shows the difference", async () => {
    await plant("one\ntwo\nthree\n");
    const result = await edit("two", "2");
    expect(textOf(result)).toBe("--- a.txt\n+++ a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n");
    expect(await content()).toBe("one\n2\nthree\n");
  });

  it("only shows it in a dry run", async () => {
    await plant("one\n");
    const { content: blocks } = await edit("one", "1", { dryRun: true });
    expect(blocks).toEqual([
      { type: "text", text: "--- a.txt\n+++ a.txt\n@@ -1,1 +1,1 @@\n-one\n+1\n" },
      { type: "text", text: "Dry run: nothing was written." },
    ]);
    expect(await content()).toBe("one\n");
  });

  it("makes all edits or none", async () => {
    await plant("one\ntwo\n");
    const edits = [
      { oldText: "one", newText: "1" },
      { oldText: "three", newText: "3" },
    ];
    expect(errorOf(await edit("", "", { edits }))).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining("edit 2"),
    });
    expect(await content()).toBe("one\ntwo\n");
  });

  it("lists the places of an ambiguous match", async () => {
    await plant("x\na\nx\n");
    expect(errorOf(await edit("x", "y"))).toMatchObject({ code: "AMBIGUOUS", details: { lines: [1, 3] } });
    const edits = [{ oldText: "x", newText: "y", expected_count: 2 }];
    expect((await edit("", "", { edits })).isError).toBeFalsy();
    expect(await content()).toBe("y\na\ny\n");
  });

  it("keeps mark, newlines, mode and all bytes it does not touch", async () => {
    await plant("\uFEFFone\r\ntwo\r\n");
    await chmod(path.join(dir, "a.txt"), 0o640);
    await edit("one\ntwo", "1\n2\n3");
    expect(await content()).toBe("\uFEFF1\r\n2\r\n3\r\n");
    expect((await stat(path.join(dir, "a.txt"))).mode & 0o777).toBe(0o640);
    await plant(Buffer.from("caf\xe9 one\n\xff", "latin1"));
    await edit("one", "two");
    expect(await readFile(path.join(dir, "a.txt"), "latin1")).toBe("caf\xe9 two\n\xff");
    expect(errorOf(await edit("two", "é"))?.code).toBe("UNSUPPORTED");
    await plant(Buffer.from("\uFEFFé\n", "utf16le").swap16());
    await edit("é", "日");
    expect((await readFile(path.join(dir, "a.txt"))).swap16().toString("utf16le")).toBe("\uFEFF日\n");
  });

  it("edits through a link inside, and one of two hard links only", async () => {
    await plant("one\n", "real.txt");
    await symlink("real.txt", path.join(dir, "a.txt"));
    await link(path.join(dir, "real.txt"), path.join(dir, "hard.txt"));
    await edit("one", "1");
    expect([await content("real.txt"), await content("hard.txt")]).toEqual(["1\n", "one\n"]);
    expect((await stat(path.join(dir, "a.txt"))).ino).toBe((await stat(path.join(dir, "real.txt"))).ino);
  });

  it("says when it matched by lines that differ in whitespace", async () => {
    await plant("  a\n  b\n");
    expect(textOf(await edit("a\nb", "c"))).toContain("differ in whitespace");
    expect(await content()).toBe("  c\n");
  });

  it("ends well although its diff is longer than a result", async () => {
    await plant("old line\n".repeat(5000));
    const edits = [{ oldText: "old", newText: "new", expected_count: 5000 }];
    const result = await edit("", "", { edits });
    expect(result.isError).toBeFalsy();
    expect(textOf(result)).toContain("only its beginning");
    expect(await content()).toBe("new line\n".repeat(5000));
  });

  it("shows a short diff although a result may hold little", async () => {
    await plant("one\n");
    const narrow = await connect(definition, { argv: [dir, "--max-output", "1024"] });
    const edits = [{ oldText: "one", newText: "1" }];
    expect(textOf(await narrow.callTool("edit_file", { path: "a.txt", edits }))).toContain("+1");
  });

  it("refuses other states, binary and huge files, and does nothing for nothing", async () => {
    await plant("one\n");
    expect(errorOf(await edit("one", "1", { if_match: "other" }))?.code).toBe("CONFLICT");
    expect(textOf(await edit("one", "one"))).toContain("No change");
    await plant(Buffer.from("a\0b"));
    expect(errorOf(await edit("a", "b"))?.code).toBe("UNSUPPORTED");
    await truncate(path.join(dir, "a.txt"), 3e9);
    expect(errorOf(await edit("a", "b"))?.code).toBe("TOO_LARGE");
    expect(await readdir(dir)).toEqual(["a.txt"]);
  });

  it("makes all of fifty edits at once", async () => {
    await plant(Array.from({ length: 50 }, (_, index) => `item ${index};\n`).join(""));
    const edits = Array.from({ length: 50 }, (_, index) => edit(`item ${index};`, `done ${index};`));
    const outcomes = (await Promise.all(edits)).map((result) => errorOf(result)?.code);
    expect(new Set(outcomes)).toEqual(new Set([undefined]));
    expect(await content()).toBe(Array.from({ length: 50 }, (_, index) => `done ${index};\n`).join(""));
  });

  it("loses no edit to another process", async () => {
    await plant(Array.from({ length: 60 }, (_, index) => `item ${index};\n`).join(""));
    const bin = new URL("../../dist/cli.js", import.meta.url);
    const servers = [client, await connect(definition, { transport: "stdio", bin, argv: [dir] })];
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const edits = [{ oldText: `item ${index};`, newText: `done ${index};` }];
        const result = await servers[index % 2]?.callTool("edit_file", { path: "a.txt", edits });
        return result && (errorOf(result)?.code ?? "ok");
      }),
    );
    const lines = outcomes.map((outcome, index) => `${outcome === "ok" ? "done" : "item"} ${index};\n`);
    expect(new Set(outcomes)).toContain("ok");
    expect(outcomes.every((outcome) => outcome === "ok" || outcome === "CONFLICT")).toBe(true);
    expect(await content()).toBe(lines.join(""));
  });
});
