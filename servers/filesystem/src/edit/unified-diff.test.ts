import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyHunks } from "../patch/apply-hunks.js";
import { parsePatch } from "../patch/parse-patch.js";
import { unifiedDiff } from "./unified-diff.js";

const line = fc.constantFrom(
  "a",
  "b",
  "c",
  "",
  " ",
  "-- x",
  "++ y",
  "@@ -1 +1 @@",
  "\\ z",
  "é",
  "c\r",
  "diff --git a/x b/x",
);
const text = fc
  .tuple(fc.array(line, { maxLength: 30 }), fc.boolean())
  .map(([lines, ended]) => lines.join("\n") + (ended && lines.length > 0 ? "\n" : ""));

describe("unifiedDiff", () => {
  it("turns one text into the other, when it is applied", () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 4 }), (before, after, context) => {
        const diff = unifiedDiff("a.txt", "a.txt", before, after, { context });
        if (before === after) {
          expect(diff).toBe("");
          return;
        }
        const [file, ...others] = parsePatch(diff);
        expect(others).toEqual([]);
        expect(applyHunks(before, file?.hunks ?? [])).toMatchObject({ text: after, rejected: [], moved: 0 });
      }),
      { numRuns: 1000 },
    );
  });

  it("is understood by patch(1)", async () => {
    const dir = await tempDir();
    await fc.assert(
      fc.asyncProperty(text, text, async (before, after) => {
        fc.pre(before !== after && after !== "" && before !== "");
        await writeFile(path.join(dir, "a.txt"), before);
        const diff = unifiedDiff("a.txt", "a.txt", before, after);
        execFileSync("patch", ["--binary", "-s", "a.txt"], { cwd: dir, input: diff });
        expect(await readFile(path.join(dir, "a.txt"), "utf8")).toBe(after);
      }),
      { numRuns: 60 },
    );
  });

  it("shows as little of a large file as of a small one, and fast", () => {
    const rows = Array.from({ length: 400_000 }, (_, index) => `row ${index}\n`);
    const before = rows.join("");
    const after = rows.with(200_000, "changed\n").join("");
    const started = performance.now();
    expect(unifiedDiff("a", "a", before, after, { context: 1 })).toBe(
      "--- a\n+++ a\n@@ -200000,3 +200000,3 @@\n row 199999\n-row 200000\n+changed\n row 200001\n",
    );
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("stays bounded when nothing is alike", () => {
    const before = Array.from({ length: 30_000 }, (_, index) => `old ${index}\n`).join("");
    const after = Array.from({ length: 30_000 }, (_, index) => `new ${index}\n`).join("");
    const started = performance.now();
    const diff = unifiedDiff("a", "a", before, after);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(applyHunks(before, parsePatch(diff)[0]?.hunks ?? []).text).toBe(after);
    expect(unifiedDiff("a", "a", "\n".repeat(30_000_000), "x\n".repeat(10_000_000)).length).toBeGreaterThan(60_000_000);
  });

  it("quotes names that would be read as something else", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "binary" }), (name) => {
        fc.pre(name.isWellFormed() && name !== "/dev/null");
        const [file] = parsePatch(unifiedDiff(name, name, "a\n", "b\n"));
        expect([file?.oldName, file?.newName]).toEqual([name, name]);
      }),
    );
  });
});
