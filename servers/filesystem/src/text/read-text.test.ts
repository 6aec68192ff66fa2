import { execFileSync } from "node:child_process";
import { appendFile, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { openSandbox, type PathSandbox } from "@mcp-reference/security";
import { tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { type LineRange, readLines, readWhole, type TextOptions } from "./read-text.js";

let dir: string;
let sandbox: PathSandbox;

beforeEach(async () => {
  dir = await tempDir();
  sandbox = await openSandbox({ roots: [{ path: dir }] });
  return () => sandbox.close();
});

const signal = new AbortController().signal;
const all = Number.MAX_SAFE_INTEGER;

async function lines(name: string, range: LineRange, options: Partial<TextOptions> = {}) {
  const file = await sandbox.openFile(name);
  return readLines(file, range, { maxBytes: all, signal, ...options }).finally(() => file.close());
}

async function whole(name: string, options: Partial<TextOptions> = {}) {
  const file = await sandbox.openFile(name);
  return readWhole(file, { maxBytes: all, signal, ...options }).finally(() => file.close());
}

/** Lines with their newlines, as another implementation splits them. */
const split = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const line = fc.string({ unit: fc.constantFrom("a", "é", "日", "🙂", " ", "\t", "\r"), maxLength: 12 });
const content = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([parts, newline, ended]) => parts.join(newline) + (ended ? newline : ""));

describe("readLines", () => {
  it("gives what head, tail and sed give", async () => {
    const text = Array.from({ length: 5000 }, (_, index) => `line ${index + 1} ${"x".repeat(index % 700)}`).join("\n");
    for (const body of [text, `${text}\n`]) {
      await writeFile(path.join(dir, "a.txt"), body);
      const run = (command: string, ...args: string[]) =>
        execFileSync(command, [...args, "a.txt"], { cwd: dir, encoding: "utf8", maxBuffer: 1e9 });
      expect((await lines("a.txt", { limit: 1234 })).text).toBe(run("head", "-n", "1234"));
      expect((await lines("a.txt", { tail: 4321 })).text).toBe(run("tail", "-n", "4321"));
      expect((await lines("a.txt", { offset: 4000, limit: 900 })).text).toBe(run("sed", "-n", "4000,4899p"));
      expect((await lines("a.txt", { offset: 4990 })).text).toBe(run("tail", "-n", "+4990"));
    }
  });

  it.each(["utf-8", "utf-16le", "utf-16be"] as const)("finds any range in any %s text", async (encoding) => {
    await fc.assert(
      fc.asyncProperty(
        content,
        fc.integer({ min: 1, max: 45 }),
        fc.integer({ min: 1, max: 45 }),
        async (text, offset, limit) => {
          await writeFile(path.join(dir, "a.txt"), encode(text, encoding));
          const expected = split(text);
          const head = await lines("a.txt", { limit });
          expect(head).toMatchObject({ text: expected.slice(0, limit).join(""), damaged: false });
          expect(head.count).toBe(Math.min(limit, expected.length));
          const tail = await lines("a.txt", { tail: limit });
          expect(tail.text).toBe(expected.slice(-limit).join(""));
          if (offset > Math.max(1, expected.length)) {
            await expect(lines("a.txt", { offset, limit })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
            return;
          }
          const range = await lines("a.txt", { offset, limit });
          expect(range.text).toBe(expected.slice(offset - 1, offset - 1 + limit).join(""));
          if (offset - 1 + limit >= expected.length) expect(range.total).toBe(expected.length);
          else expect(range.total).toBeUndefined();
        },
      ),
      { numRuns: 150 },
    );
  });

  it("numbers lines, in a tail too", async () => {
    await writeFile(path.join(dir, "a.txt"), "a\n\nc\nd");
    expect((await lines("a.txt", { offset: 2 }, { lineNumbers: true })).text).toBe("2\t\n3\tc\n4\td");
    expect((await lines("a.txt", { tail: 2 }, { lineNumbers: true })).text).toBe("3\tc\n4\td");
    expect((await lines("a.txt", { limit: 2 }, { lineNumbers: true })).text).toBe("1\ta\n2\t\n");
  });

  it("cuts between lines so that pages put together are the file", async () => {
    await fc.assert(
      fc.asyncProperty(
        content,
        fc.integer({ min: 64, max: 200 }),
        fc.boolean(),
        async (text, maxBytes, lineNumbers) => {
          await writeFile(path.join(dir, "a.txt"), text);
          let read = "";
          for (let offset = 1; ; ) {
            const part = await lines("a.txt", { offset }, { maxBytes, lineNumbers });
            expect(Buffer.byteLength(part.text)).toBeLessThanOrEqual(maxBytes);
            expect(part.cut).not.toBe("line");
            read += part.text;
            if (part.total !== undefined) break;
            expect(part.cut).toBe("lines");
            offset += part.count;
          }
          const numbered = split(text).map((each, index) => `${index + 1}\t${each}`);
          expect(read).toBe(lineNumbers ? numbered.join("") : text);
        },
      ),
    );
  });

  it("keeps the last lines when a tail is too long", async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.integer({ min: 64, max: 200 }), async (text, maxBytes) => {
        await writeFile(path.join(dir, "a.txt"), text);
        const part = await lines("a.txt", { tail: 1000 }, { maxBytes });
        expect(part.text).toBe(
          split(text)
            .slice(-part.count || split(text).length)
            .join(""),
        );
        expect(part.whole).toBe(part.text === text);
        expect(part.cut).toBe(part.whole ? undefined : "lines");
      }),
    );
  });

  it("cuts a line that is too long between characters", async () => {
    for (const [character, encoding] of [
      ["é", "utf-8"],
      ["日", "utf-8"],
      ["🙂", "utf-8"],
      ["日", "utf-16le"],
    ] as const) {
      await writeFile(path.join(dir, "a.txt"), encode(character.repeat(1000), encoding));
      for (const maxBytes of [100, 101, 102, 103]) {
        const head = await lines("a.txt", { limit: 1 }, { maxBytes });
        const tail = await lines("a.txt", { tail: 1 }, { maxBytes });
        for (const { text, cut, damaged } of [head, tail]) {
          expect({ cut, damaged }).toEqual({ cut: "line", damaged: false });
          expect(text).toBe(character.repeat([...text].length));
          expect(text).not.toBe("");
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
        }
      }
    }
  });

  it("finds lines across blocks", async () => {
    const rows = Array.from({ length: 60 }, (_, index) => `${index} ${"é".repeat(50_000 + index)}\n`);
    for (const encoding of ["utf-8", "utf-16le", "utf-16be"] as const) {
      await writeFile(path.join(dir, "a.txt"), encode(rows.join(""), encoding));
      for (const at of [1, 9, 30, 59]) {
        expect((await lines("a.txt", { offset: at, limit: 1 })).text).toBe(rows[at - 1]);
        expect((await lines("a.txt", { tail: at })).text).toBe(rows.slice(-at).join(""));
      }
    }
  });

  it.each([
    [3, "GB", "its ends"],
    [0.4, "GB", "any line"],
  ])("reads %d %s in constant memory: %s", async (gigabytes, _, part) => {
    const file = path.join(dir, "huge.log");
    await writeFile(file, "first\nsecond\n");
    await truncate(file, Math.round(gigabytes * 1024 ** 3));
    await appendFile(file, "\nlast but one\nlast\n");
    const before = process.memoryUsage().rss;
    expect((await lines("huge.log", { limit: 2 })).text).toBe("first\nsecond\n");
    expect((await lines("huge.log", { offset: 2, limit: 1 })).text).toBe("second\n");
    expect((await lines("huge.log", { tail: 2 })).text).toBe("last but one\nlast\n");
    if (part === "any line") expect((await lines("huge.log", { offset: 4 })).text).toBe("last but one\nlast\n");
    const nulls = lines("huge.log", { offset: 3, limit: 1 }, { maxBytes: 1000 });
    await expect(nulls).rejects.toMatchObject({ code: "UNSUPPORTED" });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 ** 2);
  });

  it("stops when it is cancelled", async () => {
    const file = path.join(dir, "huge.log");
    await writeFile(file, "");
    await truncate(file, 3 * 1024 ** 3);
    const controller = new AbortController();
    const reading = lines("huge.log", { offset: 2 }, { signal: controller.signal });
    const cancelled = expect(reading).rejects.toThrow("enough");
    controller.abort(new Error("enough"));
    await cancelled;
  });

  it("survives a file that shrinks and one that ends in half a character", async () => {
    await writeFile(path.join(dir, "odd.txt"), Buffer.concat([encode("a\nb\n", "utf-16le"), Buffer.of(0x63)]));
    expect((await lines("odd.txt", { limit: 2 })).text).toBe("a\nb\n");
    expect((await lines("odd.txt", { tail: 1 })).text).toContain("b");
    const file = await sandbox.openFile("odd.txt");
    await truncate(path.join(dir, "odd.txt"), 4);
    expect((await readLines(file, {}, { maxBytes: all, signal })).text).toBe("a");
    await file.close();
  });
});

describe("readWhole", () => {
  it("reads what is written, without the mark", async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.constantFrom("utf-8", "bom", "utf-16le", "utf-16be"), async (text, encoding) => {
        await writeFile(path.join(dir, "a.txt"), encoding === "bom" ? `\uFEFF${text}` : encode(text, encoding));
        expect(await whole("a.txt")).toEqual({ text, damaged: false });
      }),
    );
  });

  it("reads other encodings by name and tells when bytes do not fit", async () => {
    await writeFile(path.join(dir, "latin.txt"), Buffer.from("caf\xe9", "latin1"));
    expect(await whole("latin.txt")).toEqual({ text: "caf\uFFFD", damaged: true });
    expect(await whole("latin.txt", { encoding: "latin1" })).toEqual({ text: "café", damaged: false });
    expect(await whole("latin.txt", { encoding: "windows-1251" })).toEqual({ text: "cafй", damaged: false });
    await expect(whole("latin.txt", { encoding: "klingon" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it("refuses binary files, FIFOs and directories", async () => {
    await writeFile(path.join(dir, "a.bin"), Buffer.from("text and\0then not"));
    await expect(whole("a.bin")).rejects.toMatchObject({ code: "UNSUPPORTED" });
    execFileSync("mkfifo", [path.join(dir, "pipe")]);
    await expect(whole("pipe")).rejects.toMatchObject({ code: "UNSUPPORTED" });
    await expect(whole(".")).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  it.each([300, 600, 3000])("refuses %d MB before reading any of it", async (megabytes) => {
    const file = path.join(dir, "large.txt");
    await writeFile(file, "");
    await truncate(file, megabytes * 1e6);
    await expect(whole("large.txt", { maxBytes: 262_144 })).rejects.toMatchObject({ code: "TOO_LARGE" });
  });

  it("refuses text that is too large only once it is decoded", async () => {
    await writeFile(path.join(dir, "a.txt"), encode("日".repeat(100), "utf-16le"));
    await expect(whole("a.txt", { maxBytes: 250 })).rejects.toMatchObject({ code: "TOO_LARGE" });
  });
});

function encode(text: string, encoding: "utf-8" | "utf-16le" | "utf-16be"): Buffer {
  if (encoding === "utf-8") return Buffer.from(text);
  const units = Buffer.from(`\uFEFF${text}`, "utf16le");
  return encoding === "utf-16be" ? units.swap16() : units;
}
