import { describe, expect, it } from "vitest";
import { parsePatch } from "./parse-patch.js";

const linesOf = (patch: string) =>
  parsePatch(patch).map(({ hunks }) => hunks.map(({ lines }) => lines.map(({ sign, text }) => sign + text).join("")));

const bad = expect.objectContaining({ code: "INVALID_ARGUMENT" });

describe("parsePatch", () => {
  it("reads names with and without time stamps, quotes and prefixes", () => {
    const names = (old: string, fresh: string) => {
      const [file] = parsePatch(`--- ${old}\n+++ ${fresh}\n@@ -1 +1 @@\n-a\n+b\n`);
      return [file?.oldName, file?.newName];
    };
    expect(names("a/x y.txt\t2026-01-01 00:00:00", "b/x y.txt")).toEqual(["a/x y.txt", "b/x y.txt"]);
    expect(names("/dev/null", '"b/tab\\there \\303\\251.txt"')).toEqual([null, "b/tab\there é.txt"]);
    expect(names(" leading and trailing \t", '"\\"q\\""')).toEqual([" leading and trailing ", '"q"']);
    expect(() => names('"open', "x")).toThrow(bad);
  });

  it("reads git's headers without hunks", () => {
    const [renamed, created, deleted, binary, link, spaced] = parsePatch(
      [
        "diff --git a/old name b/new name\nsimilarity index 100%\nrename from old name\nrename to new name\n",
        "diff --git a/empty b/empty\nnew file mode 100644\nindex 0000000..e69de29\n",
        "diff --git a/gone b/gone\ndeleted file mode 100644\nindex e69de29..0000000\n",
        "diff --git a/i.png b/i.png\nindex 1..2 100644\nBinary files a/i.png and b/i.png differ\n",
        "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n",
        "diff --git a/x b/y b/x b/y\nold mode 100644\nnew mode 100755\n",
      ].join(""),
    );
    expect(renamed).toMatchObject({ relation: { kind: "rename", from: "old name", to: "new name" }, hunks: [] });
    expect(created).toMatchObject({ oldName: null, newName: "b/empty" });
    expect(deleted).toMatchObject({ oldName: "a/gone", newName: null });
    expect(binary?.unsupported).toBe("a binary file");
    expect(link).toMatchObject({ unsupported: "a symbolic link", newName: "b/l" });
    expect(spaced).toMatchObject({ oldName: "a/x b/y", newName: "b/x b/y", executable: true });
  });

  it("takes lines that look like headers for content where the counts say so", () => {
    const body = "-- x\n+++ y\n";
    expect(linesOf(`--- a\n+++ a\n@@ -1,1 +1,1 @@\n-${body}`)).toEqual([["--- x\n+++ y\n"]]);
    expect(linesOf(`--- a\n+++ a\n@@ -1,1 +1,1 @@\n-${body}@@ -9 +9 @@\n-p\n+q\n`)).toEqual([
      ["--- x\n+++ y\n", "-p\n+q\n"],
    ]);
    expect(linesOf("--- a\n+++ a\n@@ -1 +1 @@\n-a\n+b\n--- c\n+++ c\n@@ -1 +1 @@\n-c\n+d\n")).toEqual([
      ["-a\n+b\n"],
      ["-c\n+d\n"],
    ]);
  });

  it("puts up with counts that are wrong either way", () => {
    const next = "--- c\n+++ c\n@@ -1 +1 @@\n-c\n+d\n";
    for (const counts of ["-1,9 +1,9", "-1,1 +1,1", "-1 +1", "-7,3 +7,2"]) {
      expect(linesOf(`--- a\n+++ a\n@@ ${counts} @@\n x\n-a\n+b\n y\n${next}`)).toEqual([
        [" x\n-a\n+b\n y\n"],
        ["-c\n+d\n"],
      ]);
      expect(linesOf(`--- a\n+++ a\n@@ ${counts} @@\n x\n-a\n+b\n y\n\n`)).toEqual([[" x\n-a\n+b\n y\n"]]);
      expect(linesOf(`--- a\n+++ a\n@@ ${counts} @@\n x\n-a\n+b\n y`)).toEqual([[" x\n-a\n+b\n y\n"]]);
    }
    expect(linesOf("--- a\n+++ a\n@@ @@\n x\n-a\n+b\n")).toEqual([[" x\n-a\n+b\n"]]);
  });

  it("reads blank context lines that lost their space, and ignores a mail's signature", () => {
    expect(linesOf("--- a\n+++ a\n@@ -1,3 +1,3 @@\n x\n\n-a\n+b\n-- \n2.43.0\n\n")).toEqual([[" x\n \n-a\n+b\n"]]);
  });

  it("refuses what would be applied in part only", () => {
    expect(() => parsePatch("--- a\n+++ a\n@@ -1,3 +1,3 @@\n x\noops\n-a\n+b\n")).toThrow(bad);
    expect(() => parsePatch("--- a\n+++ a\n@@ -1 +1 @@\n-a\n+b\noops\n+c\n")).toThrow(bad);
    expect(() => parsePatch("@@ -1 +1 @@\n-a\n+b\n")).toThrow(bad);
    expect(() => parsePatch("just words\n")).toThrow(bad);
    expect(() => parsePatch("")).toThrow(bad);
  });
});
