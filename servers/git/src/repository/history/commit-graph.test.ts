import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { murmur3 } from "./changed-paths.js";
import { openCommitGraph } from "./commit-graph.js";
import { commitNodes } from "./commit-nodes.js";
import { refsContaining, refsMergedInto } from "./containing.js";
import { anyClock, idsOf, lines, makeHistory, opened, PATHS } from "./generated-history.fixture.js";
import { isAncestor, mergeBases } from "./merge-base.js";
import { logOfPath } from "./path-log.js";
import { walk } from "./walk.js";

const RUNS = { numRuns: 6, interruptAfterTimeLimit: 8_000 };
const pick = (ids: readonly string[], at = 0): string => ids[at % ids.length] ?? "";

/** Ways to write a commit-graph for a part of history, or for all. */
const writers: Record<string, (dir: string, some: string) => void> = {
  "one file": (dir) => git(dir, "commit-graph", "write", "--reachable", "--changed-paths"),
  "older generation numbers": (dir) =>
    git(dir, "-c", "commitGraph.generationVersion=1", "commit-graph", "write", "--reachable", "--changed-paths"),
  "a chain": (dir, some) => {
    gitBytes(dir, ["commit-graph", "write", "--stdin-commits", "--split=no-merge", "--changed-paths"], {
      input: `${some}\n`,
    });
    git(dir, "commit-graph", "write", "--reachable", "--split=no-merge", "--changed-paths");
  },
  "a part of history": (dir, some) => {
    gitBytes(dir, ["commit-graph", "write", "--stdin-commits", "--changed-paths"], { input: `${some}\n` });
  },
};

describeGit("commit-graph", () => {
  for (const [title, write] of Object.entries(writers)) {
    it(`tells the same history as the commits: ${title}`, async () => {
      await fc.assert(
        fc.asyncProperty(anyClock, fc.nat(), fc.nat(), fc.constantFrom(...PATHS, "dir"), async (plan, a, b, path) => {
          const dir = await tempDir();
          const ids = makeHistory(dir, plan);
          const [A, B] = [pick(ids, a), pick(ids, b)];
          write(dir, A);
          const repo = opened(dir);
          expect(openCommitGraph(repo.layout)?.node(A)).toBeDefined();
          for (const oid of ids) {
            const { tree, parents, committer } = repo.objects.commit(oid);
            expect(commitNodes(repo).get(oid)).toMatchObject({ tree, parents, date: committer.seconds });
          }
          expect(await idsOf(walk(repo, { include: ids }))).toEqual(lines(git(dir, "rev-list", ...ids)));
          const logged: string[] = [];
          for await (const { commit } of logOfPath(repo, { include: [A], paths: [path] })) logged.push(commit.oid);
          expect(logged).toEqual(lines(git(dir, "rev-list", A, "--", path)));
          expect(isAncestor(repo, A, B)).toBe(mergeBases(repo, A, B).includes(A));
          const refs = repo.refs.list("refs/gen/");
          const named = (found: { name: string }[]) => found.map(({ name }) => name);
          const forEach = (...args: string[]) =>
            lines(git(dir, "for-each-ref", "--format=%(refname)", ...args, "refs/gen/"));
          expect(named(await refsContaining(repo, refs, A))).toEqual(forEach(`--contains=${A}`));
          expect(named(await refsMergedInto(repo, refs, A))).toEqual(forEach(`--merged=${A}`));
          repo.close();
        }),
        RUNS,
      );
    });
  }

  it("is done without where it is damaged, at whatever byte, and never hangs or crashes", async () => {
    const dir = await tempDir();
    const plan = Array.from({ length: 12 }, (_, n) => ({
      parents: n % 4 === 3 ? [1, 2, 3] : [1],
      later: 1,
      files: [{ path: "a", content: `${n}\n` }],
      deleted: [],
    }));
    const ids = makeHistory(dir, plan);
    git(dir, "commit-graph", "write", "--reachable", "--changed-paths");
    const path = join(dir, "objects/info/commit-graph");
    const whole = readFileSync(path);
    chmodSync(path, 0o644);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (at, byte, cut) => {
        const broken = Buffer.from(cut ? whole.subarray(0, at) : whole);
        if (!cut) broken[at] = byte;
        writeFileSync(path, broken);
        const repo = opened(dir);
        try {
          await idsOf(walk(repo, { include: [pick(ids, 11)] }));
          for await (const _ of logOfPath(repo, { include: [pick(ids, 11)], paths: ["a"] }));
          await refsContaining(repo, repo.refs.list(), pick(ids, 0));
        } catch (error) {
          expect(error).toHaveProperty("name", "ToolError");
        }
        repo.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe("murmur3", () => {
  it("gives the published values, and git's two ways with bytes above 127", () => {
    expect(murmur3(0, Buffer.from(""), false)).toBe(0);
    expect(murmur3(0, Buffer.from("Hello world!"), false)).toBe(0x627b0c2c);
    expect(murmur3(0, Buffer.from("The quick brown fox jumps over the lazy dog"), true)).toBe(0x2e4ff723);
    expect(murmur3(0, Buffer.from("99aabbccddeeff", "hex"), false)).toBe(0xa183ccfd);
  });
});
