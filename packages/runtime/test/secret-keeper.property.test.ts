import { ToolError } from "@mcp-reference/validation";
import fc from "fast-check";
import { expect, test } from "vitest";
import { secretKeeper } from "../src/output/secret-keeper.js";

const secret = fc.string({
  minLength: 8,
  maxLength: 40,
  unit: fc.constantFrom(...('abcXYZ019"\\/ %+=üß🙂\n'.match(/./gsu) ?? [])),
});
const spelled = (value: string) => [
  value,
  JSON.stringify(value).slice(1, -1),
  encodeURIComponent(value),
  value.replaceAll('"', '""'),
];

/** Anything a handler could answer, with a marker where the secret goes. */
const MARK = "\u{10FFFF}";
const words = fc.oneof(
  fc.string(),
  fc.string().map((text) => `${text}${MARK}${text}`),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    words,
    fc.integer(),
    fc.constant(null),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(words, fc.constant("__proto__")), tie("tree"), { maxKeys: 3 }),
  ),
}));

const fill = (value: unknown, what: string): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(MARK, JSON.stringify(what).slice(1, -1)));

test("no spelling of a secret is left anywhere in what goes out", () => {
  fc.assert(
    fc.property(secret, tree, fc.nat(3), (value, answer, spelling) => {
      const kept = secretKeeper(new Set([value]))(fill(answer, spelled(value)[spelling] ?? value));
      for (const each of spelled(value)) {
        expect(JSON.stringify(kept)).not.toContain(JSON.stringify(each).slice(1, -1));
      }
    }),
    { numRuns: 1000 },
  );
});

test("what holds no secret is left as it is", () => {
  fc.assert(
    fc.property(tree, (answer) => {
      const plain = fill(answer, "x");
      expect(secretKeeper(new Set(["a secret that is nowhere"]))(plain)).toEqual(plain);
      expect(secretKeeper(new Set())(plain)).toBe(plain);
    }),
  );
});

test("a secret that begins with another is taken out whole", () => {
  expect(secretKeeper(new Set(["token", "token-of-admin"]))("a token-of-admin b token c")).toBe(
    "a [redacted] b [redacted] c",
  );
});

test("what is no plain data passes untouched", () => {
  const stop = () => {};
  const date = new Date(0);
  const bytes = Buffer.from("token");
  const keep = secretKeeper(new Set(["token"]));
  expect(keep(stop)).toBe(stop);
  expect(keep({ date, bytes })).toEqual({ date, bytes });
  expect(keep(undefined)).toBeUndefined();
});

test("an error keeps its code and its cause, and says nothing more", () => {
  const cause = new Error("token");
  const error = new ToolError("UPSTREAM", "refused token", {
    hint: "not token",
    retryAfterMs: 5,
    details: { token: "token" },
    cause,
  });
  expect(secretKeeper(new Set(["token"])).error(error)).toMatchObject({
    code: "UPSTREAM",
    message: "refused [redacted]",
    hint: "not [redacted]",
    retryAfterMs: 5,
    details: { "[redacted]": "[redacted]" },
    cause,
  });
});
