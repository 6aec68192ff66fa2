import { describeGit, gitBytes, tempDir } from "@mcp-reference/testing";
import { expect, test } from "vitest";
import { commitTrees, sampleTrees } from "../diff/tree-history.fixture.js";
import { makeHistory } from "../history/generated-history.fixture.js";
import { openRepository } from "../open-repository.js";
import type { Repository } from "../repository.js";
import { type PickaxeRequest, pickaxe } from "./pickaxe.js";
import { type SearchRequest, searchTree } from "./search-tree.js";

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

async function withRepository(dir: string, use: (repo: Repository, head: string) => Promise<void>): Promise<void> {
  const repo = openRepository(dir, { paths: [dir] });
  try {
    await use(repo, repo.refs.resolve("refs/heads/main") ?? "");
  } finally {
    repo.close();
  }
}

/** Lines `path:number:text`; nothing where git finds nothing and says so with status 1. */
function gitGrep(dir: string, args: string[], paths: readonly string[] = []): string[] {
  try {
    const found = gitBytes(dir, ["grep", "-n", "-I", "--no-color", "--full-name", ...args, "main", "--", ...paths]);
    const lines = found.toString("latin1").split("\n").slice(0, -1);
    return lines.map((line) => line.replace(/^main:/, "").replace(/^"(.*?[^\\])":/, (_, name) => `${unquoted(name)}:`));
  } catch {
    return [];
  }
}

const unquoted = (name: string) =>
  name
    .replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))
    .replace(/\\t/g, "\t")
    .replace(/\\(["\\])/g, "$1");

async function ourGrep(repo: Repository, head: string, request: SearchRequest): Promise<string[]> {
  const matches = await collect(searchTree(repo, repo.objects.commit(head).tree, request));
  return matches.map(({ path, line, text }) => `${path}:${line}:${text}`);
}

const withoutReturns = (lines: string[]) => lines.map((line) => line.replace(/\r$/, ""));

describeGit("searching agrees with git", () => {
  test("in a tree", async () => {
    const dir = await commitTrees(sampleTrees(20));
    const cases: [string[], SearchRequest][] = [
      [["-F", "-e", "number 1"], { pattern: "number 1" }],
      [["-F", "-e", "x"], { pattern: "x" }],
      [["-F", "-e", "nowhere to be found"], { pattern: "nowhere to be found" }],
      [["-F", "-i", "-e", "NUMBER 2"], { pattern: "NUMBER 2", ignoreCase: true }],
      [["-E", "-e", "^line.*[0-3]$"], { pattern: "^line.*[0-3]$", regex: true }],
      [
        ["-E", "-i", "-e", "NUMBER (1|22)[^0-9]*$"],
        { pattern: "NUMBER (1|22)[^0-9]*$", regex: true, ignoreCase: true },
      ],
    ];
    await withRepository(dir, async (repo, head) => {
      for (const [args, request] of cases) {
        expect(await ourGrep(repo, head, request)).toEqual(withoutReturns(gitGrep(dir, args)));
        const paths = ["src", "*.ts"];
        expect(await ourGrep(repo, head, { ...request, paths })).toEqual(withoutReturns(gitGrep(dir, args, paths)));
      }
    });
  });

  test("in history", async () => {
    const dir = await commitTrees(sampleTrees(120));
    const cases: [string[], Omit<PickaxeRequest, "include">][] = [
      [["-Snumber 1"], { pattern: "number 1", changes: "occurrences" }],
      [["-S1\nline"], { pattern: "1\nline", changes: "occurrences" }],
      [["-Snumber [12]3", "--pickaxe-regex"], { pattern: "number [12]3", regex: true, changes: "occurrences" }],
      [["-Gnumber 12"], { pattern: "number 12", changes: "lines" }],
      [["-G^line.*7$"], { pattern: "^line.*7$", regex: true, changes: "lines" }],
      [["-i", "-SNUMBER 3"], { pattern: "NUMBER 3", ignoreCase: true, changes: "occurrences" }],
    ];
    await withRepository(dir, async (repo, head) => {
      for (const [args, request] of cases)
        for (const paths of [[], ["src", "README"]]) {
          const log = gitBytes(dir, ["log", "--format=%H", ...args, "main", "--", ...paths]).toString();
          const ours = await collect(pickaxe(repo, { include: [head], paths, ...request }));
          expect({ args, commits: ours.map(({ commit }) => commit.oid) }).toEqual({
            args,
            commits: log.split("\n").slice(0, -1),
          });
        }
    });
  });
});

describeGit("a search has an end", () => {
  const history = async (content: string) => {
    const dir = await tempDir();
    const [head = ""] = makeHistory(dir, [{ parents: [], later: 1, deleted: [], files: [{ path: "a", content }] }]);
    return { dir, head };
  };

  test("after as many lines as are asked for", async () => {
    const { dir, head } = await history("one\n".repeat(100));
    await withRepository(dir, async (repo) => {
      expect(await ourGrep(repo, head, { pattern: "one", limit: 3 })).toEqual(["a:1:one", "a:2:one", "a:3:one"]);
    });
  });

  test("and shows no endless lines", async () => {
    const { dir, head } = await history("x".repeat(100_000));
    await withRepository(dir, async (repo) => {
      const [match] = await collect(searchTree(repo, repo.objects.commit(head).tree, { pattern: "x" }));
      expect(match).toMatchObject({ text: "x".repeat(2000), cut: true });
    });
  });

  test("when it is told to stop", async () => {
    const { dir, head } = await history("one\n");
    const signal = AbortSignal.abort(new Error("enough"));
    await withRepository(dir, async (repo) => {
      await expect(ourGrep(repo, head, { pattern: "one", signal })).rejects.toThrow("enough");
      const matches = pickaxe(repo, { include: [head], pattern: "one", changes: "occurrences", signal });
      await expect(collect(matches)).rejects.toThrow("enough");
    });
  });

  test("before it begins, where the pattern makes no sense", async () => {
    const { dir, head } = await history("one\n");
    await withRepository(dir, async (repo) => {
      await expect(ourGrep(repo, head, { pattern: "" })).rejects.toThrow("The pattern is empty");
      await expect(ourGrep(repo, head, { pattern: "a\nb" })).rejects.toThrow("spans several lines");
      await expect(ourGrep(repo, head, { pattern: "(", regex: true })).rejects.toThrow("Not a regular expression");
    });
  });
});
