import fc from "fast-check";
import { expect, it } from "vitest";
import { countFitting, oneLine } from "./one-line.js";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom('"a"', '"', " a", "a ", "a\nb", "a\u2028b", "\u202etxt.exe", "\x1b[31m", "a b", "ü"),
);

it("keeps every name on one line, and tells apart what was different", () => {
  fc.assert(
    fc.property(text, (name) => {
      const line = oneLine(name);
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      expect(line.startsWith('"') ? JSON.parse(line) : line).toBe(name);
    }),
  );
});

it("leaves ordinary names as they are", () => {
  for (const name of ["a.txt", "a b.txt", "naïve 日本.md", ".env.example", "it's", "a\\b", 'say "hi"'])
    expect(oneLine(name)).toBe(name);
});

it("counts the lines that fit, one at least", () => {
  fc.assert(
    fc.property(fc.array(text), fc.nat(200), (lines, maxBytes) => {
      const count = countFitting(lines, maxBytes);
      const bytes = (shown: number) =>
        Buffer.byteLength(
          lines
            .slice(0, shown)
            .map((line) => `${line}\n`)
            .join(""),
        );
      expect(count <= 1 || bytes(count) <= maxBytes).toBe(true);
      expect(count === lines.length || bytes(count + 1) > maxBytes).toBe(true);
      expect(count > 0 || lines.length === 0).toBe(true);
    }),
  );
});
