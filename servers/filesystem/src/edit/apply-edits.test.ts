import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits } from "./apply-edits.js";

const edit = (oldText: string, newText: string, expectedCount = 1) => ({ oldText, newText, expectedCount });
const apply = (text: string, ...edits: ReturnType<typeof edit>[]) => applyEdits(text, edits).text;

const word = fc.string({ unit: fc.constantFrom("a", "b", " ", "é", "$", "&", "\\", "\t"), maxLength: 6 });
const body = fc.array(word, { maxLength: 20 }).map((lines) => lines.join("\n"));

describe("applyEdits", () => {
  it("does what replaceAll does, whatever the characters", () => {
    fc.assert(
      fc.property(body, fc.nat(), fc.nat(30), word, (text, seed, length, newText) => {
        const start = text.length === 0 ? 0 : seed % text.length;
        const oldText = text.slice(start, start + length);
        fc.pre(oldText !== "");
        const count = text.split(oldText).length - 1;
        expect(apply(text, edit(oldText, newText, count))).toBe(text.split(oldText).join(newText));
      }),
    );
  });

  it("keeps CRLF whichever newline the caller uses", () => {
    fc.assert(
      fc.property(body, word, fc.boolean(), (text, newLine, sent) => {
        const file = text.replaceAll("\n", "\r\n");
        const lines = text.split("\n");
        fc.pre(lines.length > 1 && text.split(lines.slice(0, 2).join("\n")).length === 2 && lines[0] !== "");
        const given = (value: string) => (sent ? value.replaceAll("\n", "\r\n") : value);
        const edited = apply(file, edit(given(lines.slice(0, 2).join("\n")), given(`${newLine}\nnext`)));
        expect(edited).toBe([newLine, "next", ...lines.slice(2)].join("\r\n"));
      }),
    );
  });

  it("applies edits in order, each to the result of the one before", () => {
    expect(apply("a", edit("a", "b"), edit("b", "c"), edit("c", "d"))).toBe("d");
  });

  it("names the lines when there are more or fewer places than expected", () => {
    const text = "x\nfoo\ny\nfoo\nfoo";
    expect(() => apply(text, edit("foo", "bar"))).toThrow(/3 times, at lines 2, 4, 5/);
    expect(() => apply(text, edit("foo", "bar", 4))).toThrow(expect.objectContaining({ code: "AMBIGUOUS" }));
    expect(apply(text, edit("foo", "bar", 3))).toBe("x\nbar\ny\nbar\nbar");
  });

  it("tells where it comes closest when there is none", () => {
    const text = "function a() {\n  return 1;\n}\nfunction b() {\n  return 2;\n}\n";
    const missing = (oldText: string) => {
      try {
        apply(text, edit(oldText, ""));
      } catch (error) {
        expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
        return (error as Error).message;
      }
      throw new Error("found");
    };
    expect(missing("function b() {\n  return 3;\n}")).toMatch(/Line 4 is the same, but line 5 is "return 2;"/);
    expect(missing("function bee() {")).toMatch(/closest line is/);
    expect(missing("nothing of the kind")).toMatch(/No line/);
    expect(missing("function b() {\n  return 2;\n}\nand more")).toMatch(/the end of the file/);
  });

  it("matches whole lines that differ in indentation and keeps the file's", () => {
    const text = "if (x) {\n    one();\n    if (y) {\n        two();\n    }\n}\n";
    const { text: edited, remarks } = applyEdits(text, [
      edit("one();\nif (y) {\n    two();\n}", "three();\nif (z) {\n    four();\n}"),
    ]);
    expect(edited).toBe("if (x) {\n    three();\n    if (z) {\n        four();\n    }\n}\n");
    expect(remarks).toEqual([expect.stringContaining("line 2")]);
    expect(apply("a\n  b\nc", edit("    b\n", "    d\n"))).toBe("a\n  d\nc");
  });

  it("matches lines that differ in trailing whitespace, also in a CRLF file", () => {
    expect(apply("a  \nb\t\nc\n", edit("a\nb", "x\ny"))).toBe("x\ny\nc\n");
    expect(apply("a \r\nb\r\nc", edit("a\nb\n", "x\ny\n"))).toBe("x\r\ny\r\nc");
    expect(apply("a \r\nb\nc", edit("a\nb\n", "x\ny\n"))).toBe("x\r\ny\r\nc");
  });

  it("does not add a newline at the end of a file that has none", () => {
    expect(apply("a\nb", edit("b\n", "c\n"))).toBe("a\nc");
    expect(apply("a\r\nb", edit("b\r\n", "c\r\n"))).toBe("a\r\nc");
  });

  it("refuses lines that are indented unevenly, and blank ones", () => {
    expect(() => apply("  a\n   b\n", edit("a\nb", "x"))).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }),
    );
    expect(() => apply("\ta\n", edit("  a\n    b", "x"))).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }),
    );
    expect(() => apply("a\n\n\nb", edit(" \n ", "x"))).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });

  it("changes nothing but the lines it matched loosely", () => {
    const indent = fc.constantFrom("", " ", "  ", "\t");
    const lines = fc.array(fc.tuple(indent, fc.constantFrom("a", "b", "c", ""), indent), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(lines, fc.nat(), fc.integer({ min: 1, max: 4 }), (parts, seed, height) => {
        const file = parts.map((part) => part.join(""));
        const first = seed % file.length;
        const wanted = file.slice(first, first + height).map((each) => each.trim());
        const oldText = wanted.join("\n");
        fc.pre(oldText.trim() !== "");
        const text = file.join("\n");
        let edited: string;
        try {
          edited = apply(text, edit(oldText, "NEW"));
        } catch {
          return; // not there, or in several places
        }
        const kept = edited.split("NEW");
        expect(kept).toHaveLength(2);
        expect(text.startsWith((kept[0] ?? "").replace(/[ \t]*$/, ""))).toBe(true);
        expect(text.endsWith((kept[1] ?? "").replace(/^[ \t]*/, ""))).toBe(true);
      }),
    );
  });

  it("takes linear time on texts made to be slow", () => {
    const started = performance.now();
    const same = "a\n".repeat(200_000);
    expect(() => apply(same, edit(`${"a\n".repeat(5000)}b`, "x"))).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }),
    );
    expect(() => apply(`${" ".repeat(500_000)}x`, edit("y", ""))).toThrow();
    expect(apply("ab".repeat(500_000), edit("a", "c", 500_000))).toBe("cb".repeat(500_000));
    const newlines = "\n".repeat(30_000_000);
    expect(() => apply(newlines, edit("x", "y"))).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    expect(() => apply(newlines, edit("\n", "y"))).toThrow(expect.objectContaining({ code: "AMBIGUOUS" }));
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
