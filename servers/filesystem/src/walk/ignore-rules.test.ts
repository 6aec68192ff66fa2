import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IgnoreRules } from "./ignore-rules.js";
import { type Planted, plant, scopeOf, silent } from "./planted.fixture.js";
import { TreeWalk } from "./tree-walk.js";

const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_CEILING_DIRECTORIES: "/" };
const git = (directory: string, ...args: string[]) =>
  execFileSync("git", args, { cwd: directory, env, stdio: "pipe" }).toString();

const hasGit = (() => {
  try {
    return git("/", "--version").length > 0;
  } catch {
    return false;
  }
})();

function visibleFiles(directory: string): string[] {
  const wants = (_: string, type: string) => type === "file";
  const walk = new TreeWalk(scopeOf(directory, { ignoreFiles: [] }), { wants, progress: silent() });
  return [...walk.entries()].map(({ path }) => path).sort();
}

// ASCII: to git a character is a byte.
const name = fc.constantFrom("a", "b", "ab", "aab", "a b", ".a", "!a", "#a", "a ", "[a]", "{a,b}");
const piece = fc.constantFrom(
  "a",
  "b",
  "ab",
  "*",
  "?",
  "**",
  "/",
  "/",
  "[ab]",
  "[!a]",
  "[^b]",
  "\\",
  "!",
  "#",
  " ",
  ".",
  "{a,b}",
  "a/b",
  "**/",
  "/**",
);
const line = fc
  .array(piece, { maxLength: 5 })
  .map((pieces) => pieces.join(""))
  // Left out is what git takes amiss: an escaped slash, and "a**/b" in which it tests the "a" by itself.
  .filter((text) => !/\\\/|[^/]\*\*|\*\*[^/]/.test(text));
const ignoreFile = fc
  .tuple(fc.array(line, { maxLength: 4 }), fc.constantFrom("\n", "\r\n"))
  .map(([lines, end]) => lines.join(end));
const { tree } = fc.letrec<{ tree: Planted }>((tie) => ({
  tree: fc
    .tuple(
      fc.option(ignoreFile, { nil: undefined }),
      fc.dictionary(name, fc.oneof({ depthSize: "small" }, fc.constant(""), tie("tree")), { maxKeys: 5 }),
    )
    .map(([rules, entries]): Planted => (rules === undefined ? entries : { ...entries, ".gitignore": rules })),
}));

describe.runIf(hasGit || process.env.CI)("ignore files beside git's own reading of them", () => {
  it("shows what git ls-files shows", async () => {
    const directory = await tempDir();
    git(directory, "init", "--quiet");
    fc.assert(
      fc.property(tree, (planted) => {
        for (const entry of readdirSync(directory)) {
          if (entry !== ".git") rmSync(join(directory, entry), { recursive: true });
        }
        plant(directory, planted);
        const shown = git(directory, "ls-files", "--others", "--exclude-standard", "-z")
          .split("\0")
          .slice(0, -1)
          .sort();
        expect(visibleFiles(directory)).toEqual(shown);
      }),
      { numRuns: 200 },
    );
  });
});

describe("IgnoreRules", () => {
  it("knows nothing about what no rule matches", () => {
    const rules = new IgnoreRules("*.log\n!keep.log\nbuild/\n/top\n");
    const ask = (path: string, isDirectory = false) => rules.ignores(path, path.split("/").at(-1) ?? "", isDirectory);
    expect(["a.log", "d/a.log", "d/keep.log", "a.txt"].map((path) => ask(path))).toEqual([
      true,
      true,
      false,
      undefined,
    ]);
    expect([ask("d/build"), ask("d/build", true), ask("top"), ask("d/top")]).toEqual([
      undefined,
      true,
      true,
      undefined,
    ]);
  });

  it("stays quick with hostile patterns", () => {
    const rules = new IgnoreRules(`${"*a".repeat(40)}b\n${"**/*a*/".repeat(40)}b`);
    const started = performance.now();
    expect(rules.ignores("a/".repeat(300) + "a".repeat(200), "a".repeat(200), false)).toBe(undefined);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

it("leaves the rules around a repository to the directories outside it", async () => {
  const directory = await tempDir();
  plant(directory, { ".gitignore": "x", x: "", repo: { x: "", ".git": { config: "" } }, plain: { x: "" } });
  expect(visibleFiles(directory)).toEqual([".gitignore", "repo/x"]);
});

it("ignores a .gitignore that is no file", async () => {
  const directory = await tempDir();
  mkdirSync(join(directory, ".gitignore"));
  plant(directory, { x: "" });
  expect(visibleFiles(directory)).toEqual(["x"]);
});
