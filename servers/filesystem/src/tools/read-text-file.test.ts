import { execFileSync } from "node:child_process";
import { truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { connect, errorOf, tempDir, textOf } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it } from "vitest";
import definition from "../index.js";

let dir: string;
let read: (args: Record<string, unknown>) => ReturnType<Awaited<ReturnType<typeof connect>>["callTool"]>;

beforeEach(async () => {
  dir = await tempDir();
  const client = await connect(definition, { argv: [dir, "--max-output", "4k"] });
  read = (args) => client.callTool("read_text_file", args);
});

const texts = async (args: Record<string, unknown>) =>
  (await read(args)).content.map((block) => (block.type === "text" ? block.text : block.type));
const code = async (args: Record<string, unknown>) => errorOf(await read(args))?.code;

describe("read_text_file", () => {
  it("returns a whole file exactly, in one block", async () => {
    for (const body of ["", "a", "a\r\nb\n\n", "  é🙂\n"]) {
      await writeFile(path.join(dir, "a.txt"), body);
      expect(await texts({ path: "a.txt" })).toEqual([body]);
      expect(await texts({ path: path.join(dir, "a.txt") })).toEqual([body]);
    }
  });

  it("says which lines a part holds and how to go on", async () => {
    await writeFile(path.join(dir, "a.txt"), "1\n2\n3\n4\n5\n");
    expect(await texts({ path: "a.txt", head: 2 })).toEqual(["1\n2\n", "Lines 1–2. Continue with offset 3."]);
    expect(await texts({ path: "a.txt", offset: 2, limit: 2 })).toEqual([
      "2\n3\n",
      "Lines 2–3. Continue with offset 4.",
    ]);
    expect(await texts({ path: "a.txt", offset: 4 })).toEqual(["4\n5\n", "Lines 4–5 of 5."]);
    expect(await texts({ path: "a.txt", tail: 2 })).toEqual(["4\n5\n", "The last 2 lines."]);
    expect(await texts({ path: "a.txt", tail: 2, line_numbers: true })).toEqual(["4\t4\n5\t5\n", "Lines 4–5 of 5."]);
    expect(await texts({ path: "a.txt", head: 9 })).toEqual(["1\n2\n3\n4\n5\n"]);
    expect(await texts({ path: "a.txt", tail: 9 })).toEqual(["1\n2\n3\n4\n5\n"]);
  });

  it("pages through what is larger than a result, and refuses it whole", async () => {
    const body = Array.from({ length: 2000 }, (_, index) => `line ${index}\n`).join("");
    await writeFile(path.join(dir, "a.txt"), body);
    const refusal = errorOf(await read({ path: "a.txt" }));
    expect(refusal).toMatchObject({ code: "TOO_LARGE", hint: expect.stringContaining("--max-output") });
    let all = "";
    for (let offset: number | undefined = 1; offset !== undefined; ) {
      const [part, note = ""] = await texts({ path: "a.txt", offset });
      all += part;
      offset = note.includes("Continue") ? Number(/offset (\d+)/.exec(note)?.[1]) : undefined;
    }
    expect(all).toBe(body);
  });

  it("refuses ways to select that contradict each other", async () => {
    await writeFile(path.join(dir, "a.txt"), "1\n");
    for (const selection of [
      { head: 1, tail: 1 },
      { head: 1, offset: 1 },
      { tail: 1, limit: 1 },
      { offset: 2 },
      { head: 0 },
    ]) {
      expect(await code({ path: "a.txt", ...selection }), JSON.stringify(selection)).toBe("INVALID_ARGUMENT");
    }
  });

  it("says when bytes are not valid in the encoding", async () => {
    await writeFile(path.join(dir, "a.txt"), Buffer.from("caf\xe9\n", "latin1"));
    expect(await texts({ path: "a.txt" })).toEqual(["caf\uFFFD\n", expect.stringContaining("encoding")]);
    expect(await texts({ path: "a.txt", encoding: "latin1" })).toEqual(["café\n"]);
  });

  it("refuses what is no text file without hanging", async () => {
    await writeFile(path.join(dir, "a.png"), Buffer.from([0x89, 0x50, 0, 0]));
    execFileSync("mkfifo", [path.join(dir, "pipe")]);
    expect(errorOf(await read({ path: "a.png" }))).toMatchObject({
      code: "UNSUPPORTED",
      hint: expect.stringContaining("read_media_file"),
    });
    expect(await Promise.all(Array.from({ length: 8 }, () => code({ path: "pipe" })))).toEqual(
      Array(8).fill("UNSUPPORTED"),
    );
    expect(await code({ path: "." })).toBe("UNSUPPORTED");
    expect(await code({ path: "none" })).toBe("NOT_FOUND");
    expect(await code({ path: "../x" })).toBe("OUTSIDE_ROOT");
    expect(await code({ path: "/etc/passwd" })).toBe("OUTSIDE_ROOT");
  });

  it("survives sizes that fit into no string", async () => {
    await writeFile(path.join(dir, "large"), "");
    await truncate(path.join(dir, "large"), 600e6);
    expect(await code({ path: "large" })).toBe("TOO_LARGE");
    expect(textOf(await read({ path: "large", tail: 1 }))).toContain("UNSUPPORTED");
  });
});
