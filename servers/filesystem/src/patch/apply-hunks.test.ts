import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unifiedDiff } from "../edit/unified-diff.js";
import { applyHunks } from "./apply-hunks.js";
import { parsePatch } from "./parse-patch.js";

const hunksOf = (body: string) => parsePatch(`--- a\n+++ a\n${body}`)[0]?.hunks ?? [];
const apply = (text: string, body: string) => applyHunks(text, hunksOf(body));
const rows = (...names: (string | number)[]) => names.map((name) => `${name}\n`).join("");

describe("applyHunks", () => {
  it("finds a hunk whose line number is wrong, if there is one place only", () => {
    const text = rows("a", "b", "c", "d", "e");
    expect(apply(text, "@@ -9,2 +9,2 @@\n c\n-d\n+D\n")).toEqual({
      text: rows("a", "b", "c", "D", "e"),
      rejected: [],
      moved: 1,
    });
    expect(apply(text, "@@ ... @@\n c\n-d\n+D\n").text).toBe(rows("a", "b", "c", "D", "e"));
    const twice = rows("x", "c", "d", "y", "c", "d");
    expect(apply(twice, "@@ -1,2 +1,2 @@\n c\n-d\n+D\n").rejected).toEqual([
      expect.objectContaining({ reason: "it fits at lines 2 and 5" }),
    ]);
    expect(apply(twice, "@@ -5,2 +5,2 @@\n c\n-d\n+D\n").text).toBe(rows("x", "c", "d", "y", "c", "D"));
  });

  it("carries the shift of a hunk on to the next ones", () => {
    const text = rows("new", "new", "a", "b", "x", "x", "x", "a", "b");
    const patch = "@@ -1,2 +1,2 @@\n a\n-b\n+B\n@@ -6,2 +6,2 @@\n a\n-b\n+B\n";
    expect(apply(text, patch).rejected).toHaveLength(2); // either fits at two places
    expect(
      apply(rows("new", "a", "b", "x", "a", "c", "c"), "@@ -1,2 +1,2 @@\n a\n-b\n+B\n@@ -5,1 +5,1 @@\n-c\n+C\n"),
    ).toMatchObject({
      text: rows("new", "a", "B", "x", "a", "C", "c"),
      moved: 1,
    });
  });

  it("says what is in the way", () => {
    expect(apply(rows("a", "b"), "@@ -1,2 +1,2 @@\n a\n-c\n+d\n").rejected[0]?.reason).toBe(
      'the file has "b" at line 2, where it wants "c"',
    );
    expect(apply(rows("a"), "@@ -1,2 +1,2 @@\n a\n-c\n+d\n").rejected[0]?.reason).toBe(
      'the file ends before line 2, where it wants "c"',
    );
    expect(apply(rows("a"), "@@ -9,0 +9,1 @@\n+d\n").rejected[0]?.reason).toMatch(/does not have/);
  });

  it("keeps the file's newlines when the patch has others", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "b", "c", ""), { minLength: 1 }),
        fc.array(fc.constantFrom("a", "b", "x")),
        fc.boolean(),
        (old, fresh, crlf) => {
          const [before, after] = [rows(...old), rows(...fresh)];
          fc.pre(before !== after && before.includes("\n"));
          const diff = unifiedDiff("a", "a", before, after);
          const windows = (text: string) => text.replaceAll("\n", "\r\n");
          const [file] = parsePatch(crlf ? diff : windows(diff));
          const given = crlf ? windows(before) : before;
          expect(applyHunks(given, file?.hunks ?? []).text).toBe(crlf ? windows(after) : after);
        },
      ),
    );
  });

  it("does not glue lines together at the end of a file", () => {
    expect(apply("a\nb", "@@ -2,1 +2,2 @@\n b\n+c\n").text).toBe("a\nb\nc");
    expect(apply("a\nb\n", "@@ -2,1 +2,2 @@\n b\n+c\n\\ No newline at end of file\n").text).toBe("a\nb\nc");
    expect(apply("a\nb", "@@ -2,1 +2,1 @@\n-b\n\\ No newline at end of file\n+b\n").text).toBe("a\nb\n");
    expect(apply("a\r\nb", "@@ -2,1 +2,2 @@\n b\n+c\n").text).toBe("a\r\nb\r\nc");
  });

  it("stays bounded on lines that are all alike", () => {
    const started = performance.now();
    const text = "x\n".repeat(300_000);
    const hunk = `@@ -1,2001 +1,2001 @@\n${" x\n".repeat(2000)}-y\n+z\n`;
    expect(apply(text, hunk).rejected).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
