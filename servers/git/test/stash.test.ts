import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { applyStash } from "../src/merging/stash/apply-stash.js";
import { pushStash, type StashRequest } from "../src/merging/stash/push-stash.js";
import { dropStash, stashAt, stashes } from "../src/merging/stash/stash-list.js";
import { byGit, commitOf, lines, snapshot, type Twins, twins } from "./merging-twins.js";

const history = commitOf(1, "main", [], { f: lines("1", "2", "3", "4", "5"), g: "g\n", "d/h": "h\n", gone: "gone\n" });

/** Staged, unstaged and untracked changes, deletions and a file that is only in the index. */
function change(dir: string): void {
  writeFileSync(join(dir, "f"), lines("1", "2", "staged", "4", "5"));
  git(dir, "add", "f");
  writeFileSync(join(dir, "f"), lines("1", "2", "staged", "4", "unstaged"));
  writeFileSync(join(dir, "new"), "new\n");
  git(dir, "add", "new");
  git(dir, "rm", "-q", "gone");
  rmSync(join(dir, "d/h"));
  mkdirSync(join(dir, "u"));
  writeFileSync(join(dir, "u/untracked"), "untracked\n");
}

async function changedTwins(): Promise<Twins> {
  const both = await twins(history);
  change(both.ours);
  change(both.theirs);
  return both;
}

/** What a stash is made of. */
const stashOf = (dir: string): string[] => [
  git(dir, "stash", "list", "--format=%gd %gs"),
  git(dir, "log", "-1", "--format=%T %B", "stash"),
  git(dir, "log", "--format=%T %s %an", "--graph", "stash"),
];

describeGit("stash beside git stash", () => {
  const cases: [string, string[], Partial<StashRequest>][] = [
    ["push", [], {}],
    ["a message", ["-m", "why"], { message: "why" }],
    ["untracked files", ["-u"], { includeUntracked: true }],
    ["keeping the index", ["--keep-index"], { keepIndex: true }],
    ["some paths", ["--", "f"], { paths: ["f"] }],
  ];
  it.each(cases)("puts away: %s; and each takes out what the other put away", async (_, args, request) => {
    const both = await changedTwins();
    byGit(both, "stash", "push", "-q", ...args);
    await pushStash(both.repo, request);
    expect(stashOf(both.ours)).toEqual(stashOf(both.theirs));
    expect(snapshotOf(both.ours)).toEqual(snapshotOf(both.theirs));
    expect(git(both.ours, "fsck", "--strict", "--no-dangling")).toBe("");
    if (request.keepIndex) return;

    const copy = await import("../src/repository/open-repository.js");
    const other = copy.openRepository(both.theirs, { paths: [both.theirs] });
    git(both.ours, "stash", "pop", "-q");
    await applyStash(other, { number: 0, pop: true });
    expect(snapshotOf(both.theirs)).toEqual(snapshotOf(both.ours));
    expect(stashes(other)).toEqual([]);
  });

  it("stages again what was staged", async () => {
    const both = await changedTwins();
    byGit(both, "stash", "-q");
    await pushStash(both.repo, {});
    byGit(both, "stash", "pop", "-q", "--index");
    await applyStash(both.repo, { number: 0, pop: true, index: true });
    expect(snapshotOf(both.ours)).toEqual(snapshotOf(both.theirs));
  });

  it("leaves conflicts and the stash", async () => {
    const both = await changedTwins();
    byGit(both, "stash", "-q");
    await pushStash(both.repo, {});
    for (const dir of [both.ours, both.theirs]) {
      writeFileSync(join(dir, "f"), lines("1", "2", "other", "4", "5"));
      git(dir, "commit", "-qam", "other");
    }
    byGit(both, "stash", "pop", "-q");
    const applied = await applyStash(both.repo, { number: 0, pop: true });
    expect(applied).toMatchObject({ dropped: false, conflicts: [{ path: "f" }] });
    expect(snapshotOf(both.ours)).toEqual(snapshotOf(both.theirs));
  });

  it("drops any of the list as git does", async () => {
    const both = await twins(history);
    for (let n = 0; n < 3; n++) {
      for (const dir of [both.ours, both.theirs]) writeFileSync(join(dir, "g"), `${n}\n`);
      byGit(both, "stash", "-q", "-m", `${n}`);
      await pushStash(both.repo, { message: `${n}` });
    }
    for (const number of [1, 0, 0]) {
      byGit(both, "stash", "drop", "-q", `stash@{${number}}`);
      dropStash(both.repo, number, stashAt(both.repo, number).commit.oid);
      expect(git(both.ours, "stash", "list")).toBe(git(both.theirs, "stash", "list"));
    }
    expect(git(both.ours, "for-each-ref", "refs/stash")).toBe("");
  });

  it("touches nothing where files are in the way", async () => {
    const both = await changedTwins();
    await pushStash(both.repo, { includeUntracked: true });
    mkdirSync(join(both.ours, "u"));
    writeFileSync(join(both.ours, "u/untracked"), "mine\n");
    const before = snapshot(both.ours);
    await expect(applyStash(both.repo, { number: 0 })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(snapshot(both.ours)).toEqual(before);
    rmSync(join(both.ours, "u"), { recursive: true });
    writeFileSync(join(both.ours, "f"), "mine\n");
    await expect(applyStash(both.repo, { number: 0 })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(git(both.ours, "status", "--porcelain")).toBe(" M f");
    expect(await pushStash(both.repo, { paths: ["g"] })).toBeUndefined();
  });
});

/** Git resets to clean up, which leaves a line in the reflog of HEAD and ORIG_HEAD. */
function snapshotOf(dir: string): Record<string, unknown> {
  const { reflog: _, state: __, ...rest } = snapshot(dir);
  return rest;
}
