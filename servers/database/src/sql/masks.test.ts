import fc from "fast-check";
import { expect, test } from "vitest";
import { maskCell, parseMask } from "./masks.js";

test("a rule names schema, table and column, and how the value shows", () => {
  expect(parseMask("public.users.email")).toEqual({
    schema: "public",
    table: "users",
    column: "email",
    show: "hidden",
  });
  expect(parseMask("*.*.iban=last4")).toEqual({ schema: "*", table: "*", column: "iban", show: "last4" });
  expect(parseMask("a.b.c=hidden").show).toBe("hidden");
});

test("NULL stays NULL", () => {
  expect(maskCell(null, "hidden")).toBeNull();
  expect(maskCell(null, "last4")).toBeNull();
});

test("a hidden value tells nothing, not even its length", () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(maskCell(value, "hidden")).toBe("****");
    }),
  );
});

test("of a long value four characters remain, of a short one none", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (value) => {
      const characters = Array.from(value);
      const shown = characters.length >= 8 ? `****${characters.slice(-4).join("")}` : "****";
      expect(maskCell(value, "last4")).toBe(shown);
    }),
  );
});
