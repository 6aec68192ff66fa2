import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffLines, type LineDiffOptions } from "./line-diff.js";
import { splitLines } from "./lines.js";

const linesOf = (text: Buffer): string[] => {
  const { content, starts, count } = splitLines(text);
  return Array.from({ length: count }, (_, line) => content.toString("latin1", starts[line], starts[line + 1]));
};

/** Makes the second file of the first by what the changes say. */
function patched(before: Buffer, after: Buffer, options?: LineDiffOptions): string {
  const old = linesOf(before);
  const now = linesOf(after);
  const parts: string[] = [];
  let at = 0;
  for (const { beforeStart, beforeEnd, afterStart, afterEnd } of diffLines(before, after, options)) {
    parts.push(old.slice(at, beforeStart).join(""), now.slice(afterStart, afterEnd).join(""));
    at = beforeEnd;
  }
  return parts.join("") + old.slice(at).join("");
}

const content = fc.array(fc.constantFrom("a\n", "b\n", "\n", "c", "\r\n", "\0\xff\n"), { maxLength: 60 });
const file = content.map((lines) => Buffer.from(lines.join(""), "latin1"));
const numbered = (count: number, line: (index: number) => number) =>
  Buffer.from(Array.from({ length: count }, (_, index) => `${line(index)}\n`).join(""));

describe("changes", () => {
  test("make one file of the other, whatever they contain and however little effort is allowed", () => {
    fc.assert(
      fc.property(file, file, fc.constantFrom(undefined, 0, 3, 50), fc.boolean(), (before, after, effort, trimEnd) => {
        expect(patched(before, after, { effort, trimEnd })).toBe(after.toString("latin1"));
      }),
      { numRuns: 500 },
    );
  });

  test("of equal files are none", () => {
    fc.assert(
      fc.property(file, (same) => {
        expect(diffLines(same, Buffer.from(same))).toEqual([]);
      }),
    );
  });

  test("do not count what is ignored", () => {
    const before = Buffer.from("a b\n\tc\nd");
    expect(diffLines(before, Buffer.from("a  b \n   c\nd\n"), { ignoreWhitespace: "amount" })).toEqual([]);
    expect(diffLines(before, Buffer.from("ab\nc\n d"), { ignoreWhitespace: "amount" })).toHaveLength(1);
    expect(diffLines(before, Buffer.from("ab\nc\n d"), { ignoreWhitespace: "all" })).toEqual([]);
  });

  test("come soon of files that were made to take long", () => {
    const shuffled = (seed: number) => numbered(150_000, (index) => Math.imul(index + seed, 0x9e3779b1) >>> 16);
    const pairs = [
      [numbered(100_000, (index) => index), numbered(100_000, (index) => 100_000 - index)],
      [shuffled(1), shuffled(77)],
      [numbered(60_000, (index) => index % 7), numbered(60_000, (index) => index % 5)],
      [Buffer.alloc(2_000_000, "\n"), Buffer.alloc(1_999_999, "\n")],
    ] as const;
    for (const [before, after] of pairs) expect(patched(before, after) === after.toString("latin1")).toBe(true);
  });
});
