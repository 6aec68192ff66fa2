import { describeGit, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeText } from "./merge-text.js";

const labels = { base: "base", ours: "ours", theirs: "theirs" };
const merged = (base: string, ours: string, theirs: string, options = {}): string =>
  mergeText(Buffer.from(base), Buffer.from(ours), Buffer.from(theirs), { labels, ...options }).content.toString();

describe("mergeText", () => {
  it("takes what only one side changed", () => {
    expect(merged("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n")).toBe("A\nb\nC\n");
  });

  it("marks what both changed, without the lines they share", () => {
    expect(merged("a\nb\nc\n", "x\nours\nz\n", "x\ntheirs\nz\n")).toBe(
      "x\n<<<<<<< ours\nours\n=======\ntheirs\n>>>>>>> theirs\nz\n",
    );
  });

  it("keeps both sides of a union", () => {
    expect(merged("", "a", "b\n", { union: true })).toBe("a\nb\n");
  });

  it("marks a conflict of any number of lines", () => {
    const lines = (word: string): string => `${word}\n`.repeat(200_000);
    for (const options of [{}, { union: true }]) {
      expect(merged(lines("base"), lines("ours"), lines("theirs"), options)).toContain(lines("theirs"));
    }
  });

  it("survives a pathological pair in bounded time", () => {
    const lines = (seed: number): string => Array.from({ length: 20_000 }, (_, n) => `${(n * seed) % 7}\n`).join("");
    expect(merged(lines(1), lines(2), lines(3))).toContain("<<<<<<<");
  });
});

describeGit("mergeText beside git merge-tree", () => {
  const byGit = (dir: string, base: string, ours: string, theirs: string, style: string): string => {
    const blob = (mark: number, content: string): string =>
      `commit refs/heads/b${mark}\nmark :${mark}\ncommitter A <a@b> 0 +0000\ndata 0\n${mark === 1 ? "" : "from :1\n"}` +
      `M 644 inline f\ndata ${Buffer.byteLength(content)}\n${content}\n`;
    const input = Buffer.from(blob(1, base) + blob(2, ours) + blob(3, theirs));
    gitBytes(dir, ["fast-import", "--quiet", "--force"], { input });
    let out: string;
    try {
      out = gitBytes(dir, ["-c", `merge.conflictStyle=${style}`, "merge-tree", "--write-tree", "b2", "b3"]).toString();
    } catch (error) {
      out = (error as { stdout: Buffer }).stdout.toString();
    }
    return gitBytes(dir, ["cat-file", "blob", `${out.slice(0, 40)}:f`]).toString();
  };

  const line = fc.constantFrom("a", "b", "c", "d", "{", "}", "", "  return;");
  const file = (end: string) =>
    fc
      .tuple(fc.array(line, { maxLength: 14 }), fc.boolean())
      .map(([lines, isEnded]) => lines.join(end) + (isEnded && lines.length > 0 ? end : ""));

  const edited = (lines: readonly string[]) =>
    fc.array(fc.tuple(fc.nat(20), fc.nat(3), fc.array(line, { maxLength: 3 })), { maxLength: 3 }).map((edits) => {
      const copy = [...lines];
      for (const [at, count, put] of edits) copy.splice(at, count, ...put);
      return copy.map((text) => `${text}\n`).join("");
    });
  const related = fc
    .array(line, { minLength: 1, maxLength: 20 })
    .chain((lines) => fc.tuple(fc.constant(lines.map((text) => `${text}\n`).join("")), edited(lines), edited(lines)));

  it.each(["merge", "diff3", "zdiff3"] as const)("gives git's bytes, style %s", async (style) => {
    const dir = await tempDir();
    gitBytes(dir, ["init", "-q"]);
    const unrelated = fc.constantFrom("\n", "\r\n").chain((end) => fc.tuple(file(end), file(end), file(end)));
    fc.assert(
      fc.property(fc.oneof(related, unrelated), ([base, ours, theirs]) => {
        const names = { base: "", ours: "b2", theirs: "b3" };
        const expected = byGit(dir, base, ours, theirs, style).replace(/^(\|{7}) .*?(\r?)$/gm, "$1$2");
        expect(merged(base, ours, theirs, { labels: names, style })).toBe(expected);
      }),
      { numRuns: Number(process.env["MERGE_RUNS"] ?? 60) },
    );
  });
});
