import fc from "fast-check";
import { expect, test } from "vitest";
import { render } from "../src/output/render.js";

/** Keys that trip code which treats objects as maps. */
const key = fc.oneof(
  fc.string(),
  fc.constantFrom("a", "b", "a.b", "__proto__", "constructor", "toString", "length", ""),
);
const scalar = fc.oneof(
  fc.string(),
  fc.constantFrom('say "hi"', "a,b", "two\nlines", "\r\n", "- x", "key: value", " ", "[redacted]", "none"),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
    fc.array(fc.dictionary(fc.constantFrom("id", "name", "a.b", "a"), tie("tree"), { maxKeys: 4 }), { maxLength: 4 }),
  ),
}));
const output = fc.dictionary(key, tree, { maxKeys: 5 });

const leaves = (value: unknown): string[] => {
  if (value === null || value === undefined) return [];
  return typeof value === "object" ? Object.values(value).flatMap(leaves) : [String(value)];
};

const shows = (text: string, leaf: string) =>
  text.includes(leaf) ||
  text.includes(leaf.replaceAll('"', '""')) ||
  leaf.split("\n").every((line) => text.includes(line));

test("every scalar of an object appears in its text", () => {
  fc.assert(
    fc.property(output, (value) => {
      const text = render(value);
      expect(leaves(value).filter((leaf) => !shows(text, leaf))).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});

test("as many equal scalars as there are, not just one of them", () => {
  const word = fc.constantFrom("w0", "w1", "w2");
  const { words } = fc.letrec<{ words: unknown }>((tie) => ({
    words: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.array(tie("words"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom("k", "l", "k.l", "__proto__"), tie("words"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(words, (value) => {
      const text = render({ value });
      for (const each of ["w0", "w1", "w2"]) {
        expect(text.split(each).length - 1).toBe(leaves(value).filter((leaf) => leaf === each).length);
      }
    }),
    { numRuns: 3000 },
  );
});

test("rows of a list become one line each, below one line of names", () => {
  const row = fc.record({ id: fc.integer(), name: fc.string({ unit: "grapheme-ascii" }) });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
      expect(render({ rows }).split("\n")).toHaveLength(rows.length + 2);
    }),
  );
});

test.each([
  [{}, ""],
  [{ a: 1, b: "x", c: null, d: true }, "a: 1\nb: x\nc: \nd: true"],
  [{ list: [] }, "list: none"],
  [{ list: [1, 2] }, "list: 1, 2"],
  [{ gone: undefined, stays: 0 }, "stays: 0"],
  [{ text: "one\ntwo" }, "text:\n  one\n  two"],
  [{ rows: [{ a: 1, b: "x,y" }, { a: 2 }] }, 'rows:\na,b\n1,"x,y"\n2,'],
  [{ rows: [{ a: { b: 1 }, c: ["p", "q"] }] }, "rows:\na.b,c\n1,p q"],
])("%j reads %j", (value, text) => {
  expect(render(value)).toBe(text);
});
