import { describeGit, git, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Repository } from "../repository.js";
import { anyClock, lines, makeHistory, opened, PATHS } from "./generated-history.fixture.js";
import { logOfPath, type PathLogOptions } from "./path-log.js";

const RUNS = { numRuns: 12, interruptAfterTimeLimit: 10_000 };
const picks = fc.array(fc.nat(), { minLength: 4, maxLength: 4 });
const pick = (ids: readonly string[], at = 0): string => ids[at % ids.length] ?? "";
const somePaths = fc.uniqueArray(fc.constantFrom(...PATHS, "dir", "dir/sub", "dir2", "gone", "dir/", "a/"), {
  minLength: 1,
  maxLength: 2,
});

async function idsOf(repo: Repository, options: PathLogOptions): Promise<string[]> {
  const ids: string[] = [];
  for await (const { commit } of logOfPath(repo, options)) ids.push(commit.oid);
  return ids;
}

describeGit("log of paths", () => {
  it("is that of git log -- <paths>", async () => {
    await fc.assert(
      fc.asyncProperty(anyClock, picks, somePaths, async (plan, [a, b, c], paths) => {
        const dir = await tempDir();
        const ids = makeHistory(dir, plan);
        const [A, B, C] = [pick(ids, a), pick(ids, b), pick(ids, c)];
        const repo = opened(dir);
        const gitLog = (...args: string[]) => lines(git(dir, "log", "--format=%H", ...args, "--", ...paths));
        expect(await idsOf(repo, { include: [A], paths })).toEqual(gitLog(A));
        expect(await idsOf(repo, { include: ids, paths })).toEqual(gitLog(...ids));
        expect(await idsOf(repo, { include: [A, B], exclude: [C], paths })).toEqual(gitLog(A, B, `^${C}`));
        expect(await idsOf(repo, { include: [A], paths, firstParent: true })).toEqual(gitLog("--first-parent", A));
        expect(await idsOf(repo, { include: [A, B], paths, order: "topo" })).toEqual(gitLog("--topo-order", A, B));
        repo.close();
      }),
      RUNS,
    );
  });

  it("follows a file through renames and copies as git log --follow does", async () => {
    await fc.assert(
      fc.asyncProperty(anyClock, picks, fc.constantFrom(...PATHS), async (plan, [a, b], path) => {
        const dir = await tempDir();
        const ids = makeHistory(dir, plan);
        const repo = opened(dir);
        for (const args of [[pick(ids, a)], [pick(ids, a), pick(ids, b)]]) {
          const expected = lines(git(dir, "log", "--follow", "--format=%H", ...args, "--", path));
          expect(await idsOf(repo, { include: args, paths: [path], follow: true })).toEqual(expected);
        }
        repo.close();
      }),
      RUNS,
    );
  });

  it("names a followed file as it was called", async () => {
    const dir = await tempDir();
    const long = "one\ntwo\nthree\nfour\nfive\n";
    const ids = makeHistory(dir, [
      { parents: [], later: 1, files: [{ path: "old", content: long }], deleted: [] },
      { parents: [1], later: 1, files: [{ path: "dir/new", content: `${long}six\n` }], deleted: ["old"] },
      { parents: [1], later: 1, files: [{ path: "dir/new", content: "other\n" }], deleted: [] },
    ]);
    const found: unknown[] = [];
    for await (const { commit, path } of logOfPath(opened(dir), {
      include: [pick(ids, 2)],
      paths: ["dir/new"],
      follow: true,
    })) {
      found.push([commit.oid, path]);
    }
    expect(found).toEqual([
      [ids[2], "dir/new"],
      [ids[1], "dir/new"],
      [ids[0], "old"],
    ]);
  });
});
