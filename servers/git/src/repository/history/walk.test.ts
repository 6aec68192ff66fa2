import { describeGit, git, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { anyClock, idsOf, lines, makeHistory, opened } from "./generated-history.fixture.js";
import { aheadBehind, isAncestor, mergeBases } from "./merge-base.js";
import { walk } from "./walk.js";

const RUNS = { numRuns: 12, interruptAfterTimeLimit: 10_000 };
const picks = fc.array(fc.nat(), { minLength: 4, maxLength: 4 });
const pick = (ids: readonly string[], at = 0): string => ids[at % ids.length] ?? "";

describeGit("walk", () => {
  it("shows what git rev-list shows, in the same order, whatever the clocks say", async () => {
    await fc.assert(
      fc.asyncProperty(anyClock, picks, async (plan, [a, b, c, d]) => {
        const dir = await tempDir();
        const ids = makeHistory(dir, plan);
        const [A, B, C, D] = [pick(ids, a), pick(ids, b), pick(ids, c), pick(ids, d)];
        const repo = opened(dir);
        const revList = (...args: string[]) => lines(git(dir, "rev-list", ...args));
        expect(await idsOf(walk(repo, { include: ids }))).toEqual(revList(...ids));
        expect(await idsOf(walk(repo, { include: [A, B], exclude: [C, D] }))).toEqual(revList(A, B, "--not", C, D));
        expect(await idsOf(walk(repo, { include: [A, B], order: "topo" }))).toEqual(revList("--topo-order", A, B));
        expect(await idsOf(walk(repo, { include: [A], exclude: [B], order: "topo" }))).toEqual(
          revList("--topo-order", A, `^${B}`),
        );
        expect(await idsOf(walk(repo, { include: [A], firstParent: true }))).toEqual(revList("--first-parent", A));
        repo.close();
      }),
      RUNS,
    );
  });

  it("cuts history at dates as git does", async () => {
    await fc.assert(
      fc.asyncProperty(anyClock, picks, fc.integer({ min: -1500, max: 1500 }), async (plan, [a, b], offset) => {
        const dir = await tempDir();
        const ids = makeHistory(dir, plan);
        const [A, B] = [pick(ids, a), pick(ids, b)];
        const repo = opened(dir);
        const at = 1_600_000_000 + offset;
        for (const [flag, key] of [
          ["--since", "since"],
          ["--until", "until"],
        ] as const) {
          const options = { include: [A], [key]: at };
          expect(await idsOf(walk(repo, options))).toEqual(lines(git(dir, "rev-list", `${flag}=${at}`, A)));
          expect(await idsOf(walk(repo, { ...options, exclude: [B] }))).toEqual(
            lines(git(dir, "rev-list", `${flag}=${at}`, A, `^${B}`)),
          );
        }
        repo.close();
      }),
      RUNS,
    );
  });
});

describeGit("merge bases", () => {
  it("are those of git merge-base --all, as are ancestry and the numbers of commits ahead and behind", async () => {
    await fc.assert(
      fc.asyncProperty(anyClock, picks, async (plan, [a, b, c]) => {
        const dir = await tempDir();
        const ids = makeHistory(dir, plan);
        const repo = opened(dir);
        for (const [x, y] of [
          [pick(ids, a), pick(ids, b)],
          [pick(ids, b), pick(ids, c)],
        ] as [string, string][]) {
          const expected = expectedBases(dir, x, y);
          expect([...mergeBases(repo, x, y)].sort()).toEqual(expected);
          expect(isAncestor(repo, x, y)).toBe(expected.includes(x));
          expect(isAncestor(repo, y, x)).toBe(expected.includes(y));
          const [ahead, behind] = git(dir, "rev-list", "--left-right", "--count", `${x}...${y}`)
            .split("\t")
            .map(Number);
          expect(aheadBehind(repo, x, y)).toEqual({ ahead, behind });
        }
        repo.close();
      }),
      RUNS,
    );
  });
});

function expectedBases(dir: string, a: string, b: string): string[] {
  try {
    return lines(git(dir, "merge-base", "--all", a, b)).sort();
  } catch {
    return [];
  }
}
