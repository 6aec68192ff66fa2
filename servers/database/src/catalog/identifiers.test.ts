import { ToolError } from "@mcp-reference/validation";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quoteIdentifier } from "../engine/quote-identifier.js";
import { folded, parseObjectName } from "./identifiers.js";

const anyName = fc.string({ minLength: 1, unit: "binary" });

describe("a name as SQL writes it", () => {
  it("comes back from its quotes, whatever it is", () => {
    fc.assert(
      fc.property(fc.array(anyName, { minLength: 1, maxLength: 3 }), (names) => {
        const { path, args } = parseObjectName(names.map(quoteIdentifier).join("."));
        expect(path.map(folded)).toEqual(names);
        expect(args).toBeUndefined();
      }),
    );
  });

  it.each([
    ["Users", ["users"]],
    ['"Users"', ["Users"]],
    [' app . "Order Lines" ', ["app", "Order Lines"]],
    ["a b.c-d", ["a b", "c-d"]],
    ['"a""b"."."', ['a"b', "."]],
    ["GRÖSSE", ["grÖsse"]],
    ["db.schema.table", ["db", "schema", "table"]],
  ])("%s is %j", (written, names) => {
    expect(parseObjectName(written).path.map(folded)).toEqual(names);
  });

  it.each([
    ["total()", ""],
    ["app.total(numeric, integer)", "numeric, integer"],
    ['"f(x)"(int)', "int"],
  ])("%s has the arguments %j", (written, args) => {
    expect(parseObjectName(written).args).toBe(args);
  });

  it.each(["", " ", ".", "a.", ".a", "a..b", '"a', 'a"b', '""', "a.b.c.d", "f(", "f)x", 'a"b"', "f(x) y"])(
    "%j is none",
    (written) => {
      expect(() => parseObjectName(written)).toThrow(ToolError);
    },
  );

  it("is found or refused in time, however long", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500, unit: fc.constantFrom('"', ".", "a", " ", "(", ")") }), (written) => {
        try {
          parseObjectName(written);
        } catch (error) {
          expect(error).toBeInstanceOf(ToolError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
