import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf } from "../bytes/byte-string.js";
import { openRepository } from "../open-repository.js";
import { ignoreRules } from "./ignore-rules.js";
import { wildmatch } from "./wildmatch.js";

const atom = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", "A", "é", "-", ".", " ") },
  { weight: 4, arbitrary: fc.constantFrom("*", "**", "?", "/", "/**/", "**/", "/**") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "[ab]",
      "[!a]",
      "[^b]",
      "[a-c]",
      "[]a]",
      "[a",
      "[[:alpha:]]",
      "[[:nope:]]",
      "[\\]]",
      "[b-a]",
      "[--0]",
      "[[:a]",
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom("\\", "\\a", "\\*", "\\ ", "!", "#", "\\!", "\t", "\r") },
);
const line = fc.array(atom, { minLength: 1, maxLength: 7 }).map((atoms) => atoms.join(""));
const segment = fc
  .array(fc.constantFrom("a", "b", "A", "é", "-", ".x", " ", "*", "["), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(""));
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));

describeGit("ignore rules", () => {
  test("are git's for any patterns", { timeout: 60_000 }, async () => {
    const parent = await tempDir();
    let next = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.array(line, { maxLength: 3 }),
        fc.array(path, { minLength: 20, maxLength: 40 }),
        fc.boolean(),
        async (top, below, paths, ignoreCase) => {
          const dir = join(parent, `r${next++}`);
          mkdirSync(dir);
          git(dir, "init", "-q");
          if (ignoreCase) git(dir, "config", "core.ignoreCase", "true");
          const kinds = makeTree(dir, paths);
          writeFileSync(join(dir, ".gitignore"), top.join("\n"));
          if (below.length > 0 && kinds.get("a") === true) writeFileSync(join(dir, "a/.gitignore"), below.join("\n"));
          const asked = [...kinds.keys()];
          const expected = checkIgnore(dir, asked);
          const rules = ignoreRules(openRepository(dir, { paths: [dir] }));
          const found = asked.map((each) => {
            const match = rules.match(bytesOf(each), kinds.get(each) === true);
            return match
              ? [match.source, match.line, Buffer.from(match.pattern, "latin1").toString(), each]
              : ["", "", "", each];
          });
          expect(found.flat().map(String)).toEqual(expected.split("\0").slice(0, -1));
        },
      ),
      { numRuns: Number(process.env["RUNS"] ?? 25) },
    );
  });
});

/** It exits with 1 where nothing is ignored. */
function checkIgnore(dir: string, paths: readonly string[]): string {
  const args = ["-c", "alias.ask=!git check-ignore --no-index -v -n -z --stdin || [ $? = 1 ]", "ask"];
  return gitBytes(dir, args, { input: paths.join("\0") }).toString();
}

/** Makes what can be made of the paths. @returns whether each is a directory */
function makeTree(dir: string, paths: readonly string[]): Map<string, boolean> {
  const kinds = new Map<string, boolean>();
  for (const each of paths) {
    try {
      mkdirSync(join(dir, dirname(each)), { recursive: true });
      writeFileSync(join(dir, each), "");
      kinds.set(each, false);
      for (let above = dirname(each); above !== "."; above = dirname(above)) kinds.set(above, true);
    } catch {
      // A file is where the path wants a directory.
    }
  }
  return kinds;
}

test("hostile patterns take no time", () => {
  const pattern = `${"*a".repeat(200)}b`;
  expect(wildmatch(pattern)("a".repeat(2000))).toBe(false);
  expect(wildmatch(`${"**/".repeat(200)}b`)("a/".repeat(1000))).toBe(false);
});

describeGit("the user's ignore file", () => {
  test("is read in the repository and in the user's home, and nowhere else", async () => {
    const parent = await tempDir();
    const dir = join(parent, "repo");
    mkdirSync(join(dir, "in"), { recursive: true });
    git(dir, "init", "-q");
    writeFileSync(join(dir, "in/ignore"), "*.o\n");
    writeFileSync(join(parent, "outside"), "*.o\n");
    const ignores = (setting: string): boolean => {
      git(dir, "config", "core.excludesFile", setting);
      return ignoreRules(openRepository(dir, { paths: [dir] })).ignored("a.o", false);
    };
    expect(ignores("in/ignore")).toBe(true);
    expect(ignores(join(dir, "in/ignore"))).toBe(true);
    expect(ignores(join(parent, "outside"))).toBe(false);
    symlinkSync(join(parent, "outside"), join(dir, "link"));
    expect(ignores("link")).toBe(false);
    expect(ignores("absent")).toBe(false);
  });

  test("a .gitignore that is a link is not followed", async () => {
    const dir = await tempDir();
    git(dir, "init", "-q");
    writeFileSync(join(dir, "rules"), "*.o\n");
    symlinkSync("rules", join(dir, ".gitignore"));
    expect(ignoreRules(openRepository(dir, { paths: [dir] })).ignored("a.o", false)).toBe(false);
  });
});
