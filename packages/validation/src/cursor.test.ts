import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { createCursorCodec, digest } from "./cursor.js";
import { ToolError } from "./tool-error.js";

const codec = createCursorCodec();
const bound = { caller: "ada", purpose: "list_things" };

describe("cursors", () => {
  test("give back any JSON position, to whom they were given", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), fc.string(), (position, caller, purpose) => {
        const cursor = codec.encode(position, { caller, purpose });
        expect(cursor).toMatch(/^[\w-]+$/);
        const opened = codec.decode(cursor, { caller, purpose }, z.json());
        expect(JSON.stringify(opened)).toBe(JSON.stringify(position));
      }),
    );
  });

  test("are worthless to another caller, for another purpose and under another key", () => {
    const cursor = codec.encode(7, bound);
    const others = [
      () => codec.decode(cursor, { ...bound, caller: "eve" }, z.number()),
      () => codec.decode(cursor, { ...bound, purpose: "list_other" }, z.number()),
      // The two fields must not run into each other.
      () => codec.decode(cursor, { caller: "ad", purpose: "alist_things" }, z.number()),
      () => createCursorCodec().decode(cursor, bound, z.number()),
    ];
    for (const other of others) expect(other).toThrow(ToolError);
  });

  test("changed by a single bit, or made up, are refused and never throw anything else", () => {
    const bytes = Buffer.from(codec.encode({ at: 12 }, bound), "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const forged = Buffer.from(bytes);
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => codec.decode(forged.toString("base64url"), bound, z.unknown())).toThrow(/cursor is not one/);
    }
    fc.assert(
      fc.property(fc.string(), (made) => {
        expect(() => codec.decode(made, bound, z.unknown())).toThrow(ToolError);
      }),
    );
  });

  test("of an older shape are refused", () => {
    expect(() => codec.decode(codec.encode("seven", bound), bound, z.number())).toThrow(ToolError);
  });
});

describe("digest", () => {
  test("is the same whatever the order of the members, and leaves out what is undefined", () => {
    expect(digest({ a: 1, b: { c: 2, d: undefined } })).toBe(digest({ b: { c: 2 }, a: 1 }));
  });

  test("tells different arguments apart", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        fc.pre(JSON.stringify(z.json().parse(one)) !== JSON.stringify(z.json().parse(other)));
        fc.pre(!Object.is(one, -0) && !Object.is(other, -0));
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(digest(one) === digest(other)).toBe(same);
      }),
    );
  });
});

/** An oracle of its own: members in order, told as pairs. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return {
    members: Object.entries(value)
      .map(([name, member]) => [name, sorted(member)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}
