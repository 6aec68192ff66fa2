import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@mcp-reference/testing";
import { ToolError } from "@mcp-reference/validation";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { type Planted, plant, plantedTrees, scopeOf, silent } from "../walk/planted.fixture.js";
import type { SearchResult, SearchTask, TextPosition } from "../walk/tasks.js";
import { searchText } from "./search-text.js";

const linux = process.platform === "linux";
let directory: string;
beforeEach(async () => {
  directory = await tempDir();
});

function search(pattern: string, changes: Partial<SearchTask> = {}): Promise<SearchResult> {
  const limits = { limit: 100_000, maxFileBytes: 10_000_000, maxLineLength: 200, context: 0 };
  const plain = { regex: false, caseSensitive: true, include: [], after: undefined, only: undefined };
  return searchText({ kind: "search", scope: scopeOf(directory), pattern, ...plain, ...limits, ...changes }, silent());
}

/** `path:line:text` of every matching line, `path-line-text` for context. */
const inLines = ({ files }: SearchResult) =>
  files.flatMap(({ path, lines }) =>
    lines.map(({ number, text, match }) => (match ? `${path}:${number}:${text}` : `${path}-${number}-${text}`)),
  );

function replant(tree: Planted): void {
  for (const name of Object.keys(tree)) rmSync(join(directory, name), { recursive: true, force: true });
  plant(directory, tree);
}

/** What GNU grep finds, sorted. */
function grep(args: string[]): string[] {
  let output: string;
  try {
    const options = { cwd: directory, env: { ...process.env, LC_ALL: "C.UTF-8" }, maxBuffer: 2 ** 27 };
    output = execFileSync("grep", ["-rnaZ", ...args, "."], options).toString();
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 1) return [];
    throw error;
  }
  const lines = output.matchAll(/([\s\S]*?)\0(\d+):(.*)\n/g);
  return [...lines].map(([, path = "", number, text]) => `${path.slice(2)}:${number}:${text}`).sort();
}

const words = fc.constantFrom("a", "b", "ab", "A", "é", "ß", "😀", " ", "\n", "\n", "x.y", "\t", "-", "(");
const content = fc.array(words, { maxLength: 12 }).map((parts) => parts.join(""));
const fixedText = fc.array(fc.constantFrom("a", "b", "A", "é", "😀", ".", "x.y", "-", "("), {
  minLength: 1,
  maxLength: 3,
});

describe.runIf(linux)("searchText beside grep", () => {
  it("finds the same lines for fixed text", async () => {
    const trees = plantedTrees(content);
    await fc.assert(
      fc.asyncProperty(trees, fixedText, async (tree, parts) => {
        rmSync(directory, { recursive: true });
        mkdirSync(directory);
        replant(tree);
        const text = parts.join("");
        expect(inLines(await search(text)).sort()).toEqual(grep(["-F", "-e", text]));
      }),
      { numRuns: 40 },
    );
  });

  it.each(["a+b|é", "^a", "b$", "^$", "(a|b){2,}", "x\\.y", "[^a-z]", "\\bab\\b", "a.*b", "^\\s*-", ".", "(?i)AB"])(
    "finds the same lines for %s",
    async (pattern) => {
      const texts = fc.sample(content, 60);
      plant(directory, Object.fromEntries(texts.map((text, index) => [`f${index}`, text])));
      const { matches, ...found } = await search(pattern, { regex: true });
      const expected = grep(["-P", "-e", pattern]);
      expect(inLines({ matches, ...found }).sort()).toEqual(expected);
      expect(matches).toBe(expected.length);
    },
  );
});

describe("searchText", () => {
  it("shows context once, and matches in it as matches", async () => {
    plant(directory, { f: "1\n2\n3 x\n4\n5\n6 x\n7 x\n8\n9\n10\n11\n12 x" });
    expect(inLines(await search("x", { context: 2 }))).toEqual([
      ...["f-1-1", "f-2-2", "f:3:3 x", "f-4-4", "f-5-5", "f:6:6 x", "f:7:7 x", "f-8-8", "f-9-9"],
      ...["f-10-10", "f-11-11", "f:12:12 x"],
    ]);
    expect(inLines(await search("x", { context: 1, limit: 1 }))).toEqual(["f-2-2", "f:3:3 x", "f-4-4"]);
    expect(inLines(await search("12", { context: 50 }))).toHaveLength(12);
  });

  it("gives pages that add up to the whole", async () => {
    const lines = fc.array(fc.constantFrom("x", "y", "xx", ""), { maxLength: 6 }).map((parts) => parts.join("\n"));
    const odd = fc.constantFrom("\0x", "x".repeat(50));
    const tree = fc.dictionary(fc.stringMatching(/^[abc]{1,2}$/), fc.oneof(lines, lines, odd), { maxKeys: 6 });
    await fc.assert(
      fc.asyncProperty(fc.record({ a: tree, b: tree }), fc.integer({ min: 1, max: 4 }), async ({ a, b }, limit) => {
        rmSync(directory, { recursive: true });
        mkdirSync(directory);
        plant(directory, { ...a, "x.env": "x", dir: { ...b, "y.env": "x" } });
        const scope = scopeOf(directory, { secrets: { deny: ["*.env"], allow: [] } });
        const whole = await search("x", { scope, maxFileBytes: 40 });
        const pages: SearchResult[] = [];
        for (let after: TextPosition | undefined; pages.at(-1)?.more !== false; ) {
          pages.push(await search("x", { scope, maxFileBytes: 40, limit, after }));
          const last = pages.at(-1)?.files.at(-1);
          if (last) after = { path: last.path, line: last.lines.at(-1)?.number ?? 0 };
        }
        expect(pages.flatMap(inLines)).toEqual(inLines(whole));
        const sum = (count: "matches" | "searched" | "binary" | "tooLarge" | "hidden") =>
          pages.reduce((total, page) => total + page[count], 0);
        const { matches, searched, binary, tooLarge, hidden } = whole;
        expect({ matches: sum("matches"), searched: sum("searched"), binary: sum("binary") }).toEqual({
          matches,
          searched,
          binary,
        });
        expect({ tooLarge: sum("tooLarge"), hidden: sum("hidden") }).toEqual({ tooLarge, hidden });
        expect(pages.slice(0, -1).every((page) => page.matches === limit)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("goes on behind a line of a file that is gone or shorter by now", async () => {
    plant(directory, { a: "x\nx\nx", b: "x" });
    expect(inLines(await search("x", { after: { path: "a", line: 2 } }))).toEqual(["a:3:x", "b:1:x"]);
    expect(inLines(await search("x", { after: { path: "a", line: 9 } }))).toEqual(["b:1:x"]);
    expect(inLines(await search("x", { after: { path: "aa", line: 1 } }))).toEqual(["b:1:x"]);
  });

  it("reads UTF-8 and UTF-16 with their marks, any line ends, and bytes that are no text", async () => {
    writeFileSync(join(directory, "bom"), "\uFEFFneedle first\r\nsecond needle\r\n");
    writeFileSync(join(directory, "le"), Buffer.from("\uFEFFa\nneedle ü\n", "utf16le"));
    writeFileSync(join(directory, "be"), Buffer.from("\uFEFFneedle\n", "utf16le").swap16());
    writeFileSync(join(directory, "bad"), Buffer.from([0xff, 0x20, ...Buffer.from("needle"), 0xc3, 0x0a]));
    writeFileSync(join(directory, "odd"), Buffer.from([0xff, 0xfe, 0x41]));
    expect(inLines(await search("needle"))).toEqual([
      ...["bad:1:\uFFFD needle\uFFFD", "be:1:needle", "bom:1:needle first", "bom:2:second needle", "le:2:needle ü"],
    ]);
    expect(inLines(await search("needle$", { regex: true }))).toEqual(["be:1:needle", "bom:2:second needle"]);
    expect(inLines(await search("\uFFFD"))).toEqual(["bad:1:\uFFFD needle\uFFFD"]);
  });

  it("passes over binary, large and empty files and says so", async () => {
    const binary = `${"x".repeat(8000)}\0`;
    plant(directory, {
      binary,
      late: `${"x\n".repeat(4097)}\0`,
      empty: "",
      large: "x".repeat(9001),
      exact: "x".repeat(9000),
    });
    const found = await search("x", { maxFileBytes: 9000 });
    expect(found).toMatchObject({ searched: 3, binary: 1, tooLarge: 1, matches: 4098, unreadable: 0 });
  });

  it("reads a sparse file no further than it must", async () => {
    plant(directory, { sparse: "x" });
    truncateSync(join(directory, "sparse"), 2 ** 40);
    expect(await search("x")).toMatchObject({ tooLarge: 1, matches: 0 });
  });

  it("clips long lines around the match, between characters", async () => {
    const line = `${"😀".repeat(500_000)}needle${"😀".repeat(500_000)}`;
    plant(directory, { f: `short\n${line}\nshort` });
    for (const regex of [false, true]) {
      const [before, hit, after] =
        (await search("needle", { regex, context: 1, maxLineLength: 41 })).files[0]?.lines ?? [];
      expect(hit?.text).toMatch(/^…(😀)+needle(😀)+…$/u);
      expect(hit?.text.length).toBeLessThanOrEqual(43);
      expect([before?.text, after?.text]).toEqual(["short", "short"]);
    }
  });

  it("searches the files it was told to, by name or by path", async () => {
    plant(directory, { "a.ts": "x", d: { "b.ts": "x", "c.js": "x", e: { "f.ts": "x" } } });
    const files = async (...include: string[]) => (await search("x", { include })).files.map(({ path }) => path);
    expect(await files("*.ts")).toEqual(["a.ts", "d/b.ts", "d/e/f.ts"]);
    expect(await files("d/*", "a.*")).toEqual(["a.ts", "d/b.ts", "d/c.js"]);
    expect(await files("*.{js,py}")).toEqual(["d/c.js"]);
    expect((await search("x", { only: "a.ts" })).files.map(({ path }) => path)).toEqual(["a.ts"]);
  });

  it("folds case as Unicode does", async () => {
    plant(directory, { f: "ÉTÉ\nstraße\nKelvin \u212A\nx.y\nX+Y" });
    const folded = async (text: string, regex = false) => inLines(await search(text, { caseSensitive: false, regex }));
    expect(await folded("été")).toEqual(["f:1:ÉTÉ"]);
    expect(await folded("kelvin k")).toEqual(["f:3:Kelvin \u212A"]);
    expect(await folded("X.Y")).toEqual(["f:4:x.y"]);
    expect(await folded("x.y", true)).toEqual(["f:4:x.y", "f:5:X+Y"]);
  });

  it("keeps expressions within a line, also those tied to the ends of the text", async () => {
    plant(directory, { f: "one\n\n  two\nthree\n" });
    const lines = async (pattern: string) => inLines(await search(pattern, { regex: true }));
    expect(await lines("\\s*two")).toEqual(["f:3:  two"]);
    expect(await lines("one[^x]*two")).toEqual([]);
    expect(await lines("(?s)one.*two")).toEqual([]);
    expect(await lines("\\Athree\\z")).toEqual(["f:4:three"]);
    expect(await lines("(?-m)^three$")).toEqual(["f:4:three"]);
    expect(await lines("^$")).toEqual(["f:2:"]);
    expect(await lines("")).toHaveLength(4);
  });

  it.each(["(a+)+$", "(a|aa)*b", "(.*a){20}b", "(x+x+)+y"])("takes linear time for %s", async (pattern) => {
    plant(directory, { f: `${"a".repeat(100_000)}!\n${"x".repeat(100_000)}\n` });
    const started = performance.now();
    expect(await search(pattern, { regex: true })).toMatchObject({ matches: 0 });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it("does not follow links", async () => {
    const outside = await tempDir();
    plant(outside, { f: "x" });
    symlinkSync(outside, join(directory, "dir"));
    symlinkSync(join(outside, "f"), join(directory, "f"));
    expect(await search("x")).toMatchObject({ matches: 0, searched: 0 });
  });

  it("explains patterns it cannot use", async () => {
    for (const [pattern, regex] of [
      ["(", true],
      ["a(?=b)", true],
      ["(a)\\1", true],
      ["a\nb", false],
    ] as const) {
      await expect(search(pattern, { regex }), pattern).rejects.toThrow(ToolError);
    }
    for (const regex of [true, false]) {
      await expect(search("a".repeat(10_001), { regex })).rejects.toThrow(ToolError);
      await expect(search("a".repeat(10_000), { regex, caseSensitive: false })).resolves.toMatchObject({ matches: 0 });
    }
    await expect(search("x", { include: ["{a,b}".repeat(9)] })).rejects.toThrow(ToolError);
  });
});
