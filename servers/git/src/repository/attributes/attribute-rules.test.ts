import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, textOf } from "../bytes/byte-string.js";
import { openRepository } from "../open-repository.js";

const PATHS = ["a", "b.txt", "d/a", "d/b.txt", "d/e/a", "é", "s p", 'q"t', "A", "a/b"];
const NAMES = ["text", "eol", "diff", "merge", "binary", "m", "n", "-x"];

const pattern = fc.oneof(
  fc.constantFrom(
    "*",
    "a",
    "/a",
    "d/*",
    "**/a",
    "*.txt",
    "d/**",
    '"s p"',
    '"q\\"t"',
    '"\\303\\251"',
    "é",
    "!a",
    "a/",
    "[ab]",
    "#",
    '"open',
  ),
  fc
    .array(fc.constantFrom("a", "*", "?", "/", "d", "."), { minLength: 1, maxLength: 4 })
    .map((atoms) => atoms.join("")),
);
const state = fc
  .tuple(fc.constantFrom("", "-", "!"), fc.constantFrom(...NAMES), fc.constantFrom("", "=v", "=", "=é"))
  .map((parts) => parts.join(""));
const line = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(pattern, fc.array(state, { maxLength: 3 }))
      .map(([head, states]) => [head, ...states].join(" ")),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom("m", "n", "-n", "binary", "builtin_x"), fc.array(state, { maxLength: 2 }))
      .map(([name, states]) => [`[attr]${name}`, ...states].join(" ")),
  },
  { weight: 1, arbitrary: fc.constantFrom("", "# text", "  a text\r", "\t* m", `${"a".repeat(2050)} text`) },
);
const lines = fc.array(line, { maxLength: 5 }).map((all) => all.join("\n"));

describeGit("attributes", () => {
  test("are git's", { timeout: 60_000 }, async () => {
    const parent = await tempDir();
    let next = 0;
    await fc.assert(
      fc.asyncProperty(lines, lines, lines, fc.boolean(), async (top, below, info, ignoreCase) => {
        const dir = join(parent, `r${next++}`);
        mkdirSync(join(dir, "d"), { recursive: true });
        git(dir, "init", "-q");
        if (ignoreCase) git(dir, "config", "core.ignoreCase", "true");
        writeFileSync(join(dir, ".gitattributes"), top);
        writeFileSync(join(dir, "d/.gitattributes"), below);
        writeFileSync(join(dir, ".git/info/attributes"), info);
        const asked = NAMES.filter((name) => !name.startsWith("-"));
        const expected = gitBytes(dir, ["check-attr", "-z", "--stdin", ...asked], {
          input: PATHS.join("\0"),
        }).toString();
        const rules = openRepository(dir, { paths: [dir] }).attributes();
        const found = PATHS.flatMap((path) =>
          asked.flatMap((name) => [path, name, printed(rules.get(bytesOf(path), name))]),
        );
        expect(found).toEqual(expected.split("\0").slice(0, -1));
      }),
      { numRuns: Number(process.env["RUNS"] ?? 25) },
    );
  });
});

describeGit("attributes that are not in the worktree", () => {
  test("are read from the index, as git does", async () => {
    const dir = await tempDir();
    git(dir, "init", "-q");
    mkdirSync(join(dir, "d"));
    writeFileSync(join(dir, ".gitattributes"), "* text eol=crlf\n*.txt -text\n");
    writeFileSync(join(dir, "d/.gitattributes"), "a merge=ours\n");
    writeFileSync(join(dir, "a"), "one\r\ntwo\r\n");
    git(dir, "add", ".");
    const expectSame = () => {
      const expected = gitBytes(dir, ["check-attr", "-z", "--stdin", "text", "eol", "merge"], {
        input: PATHS.join("\0"),
      });
      const rules = openRepository(dir, { paths: [dir] }).attributes();
      const found = PATHS.flatMap((path) =>
        ["text", "eol", "merge"].flatMap((name) => [path, name, printed(rules.get(bytesOf(path), name))]),
      );
      expect(found).toEqual(expected.toString().split("\0").slice(0, -1));
      return found;
    };
    expect(expectSame()).toContain("crlf");
    rmSync(join(dir, ".gitattributes"));
    expect(expectSame()).toContain("crlf");
    rmSync(join(dir, "d"), { recursive: true });
    expect(expectSame()).toContain("ours");
    // A link is not there, but a directory is.
    symlinkSync("a", join(dir, ".gitattributes"));
    expect(expectSame()).toContain("crlf");
    rmSync(join(dir, ".gitattributes"));
    mkdirSync(join(dir, ".gitattributes"));
    expect(expectSame()).not.toContain("crlf");
    rmSync(join(dir, ".gitattributes"), { recursive: true });
    writeFileSync(join(dir, ".gitattributes"), "* -text\n");
    expect(expectSame()).not.toContain("crlf");
  });

  test("are read from our side of a conflict, and nowhere where the object is missing", async () => {
    const dir = await tempDir();
    git(dir, "init", "-q");
    const stages = ["base", "ours", "theirs"].map((value, i) => {
      const oid = gitBytes(dir, ["hash-object", "-w", "--stdin"], { input: `* merge=${value}\n` })
        .toString()
        .trim();
      return `100644 ${oid} ${i + 1}\t.gitattributes\n`;
    });
    gitBytes(dir, ["update-index", "--index-info"], { input: stages.join("") });
    expect(
      openRepository(dir, { paths: [dir] })
        .attributes()
        .get("a", "merge"),
    ).toBe("ours");
    expect(git(dir, "check-attr", "merge", "a")).toBe("a: merge: ours");
    const missing = `0 ${"0".repeat(40)}\t.gitattributes\n100644 ${"1".repeat(40)} 0\t.gitattributes\n`;
    gitBytes(dir, ["update-index", "--index-info"], { input: missing });
    expect(
      openRepository(dir, { paths: [dir] })
        .attributes()
        .get("a", "merge"),
    ).toBeUndefined();
  });
});

function printed(value: boolean | string | undefined): string {
  if (value === undefined) return "unspecified";
  if (typeof value === "string") return textOf(value);
  return value ? "set" : "unset";
}
