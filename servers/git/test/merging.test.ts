import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { commit } from "../src/changes/commit/commit.js";
import { abortMerge, continueMerge } from "../src/merging/merge/end-merge.js";
import { type MergeRequest, merge } from "../src/merging/merge/merge.js";
import { abortPicks, continuePicks, skipPick } from "../src/merging/picks/go-on-picking.js";
import { pickCommits } from "../src/merging/picks/pick-commits.js";
import type { PickOptions } from "../src/merging/picks/run-picks.js";
import { abortRebase, continueRebase, skipInRebase } from "../src/merging/rebase/go-on-rebasing.js";
import { rebase } from "../src/merging/rebase/rebase.js";
import { resolveRevision } from "../src/repository/revision/resolve.js";
import { branchAt, byGit, commitOf, lines, snapshot, type Twins, twins } from "./merging-twins.js";

const base = { f: lines("1", "2", "3", "4", "5", "6", "7"), g: "g\n", "d/h": "h\n" };

/** main and topic change the same line; clean changes another file; fwd is ahead of main. */
const history =
  commitOf(1, "main", [], base) +
  commitOf(2, "main", [1], { ...base, f: lines("1", "2", "3", "ours", "5", "6", "7") }) +
  commitOf(3, "topic", [1], { ...base, f: lines("1", "2", "3", "theirs", "5", "6", "7") }, "topic one\n") +
  commitOf(
    4,
    "topic",
    [3],
    { f: lines("1", "2", "3", "theirs", "5", "6", "7"), k: "new\n", "d/h": "h\n" },
    "topic two\n\nbody\n",
  ) +
  commitOf(5, "clean", [1], { ...base, g: "gg\n" }, "clean one") +
  commitOf(6, "clean", [5], { ...base, g: "gg\n", n: "n\n" }) +
  commitOf(7, "fwd", [2], { ...base, f: lines("1", "2", "3", "ours", "5", "6", "7"), z: "z\n" }) +
  branchAt("side", 6) +
  commitOf(
    8,
    "merged",
    [2, 6],
    { ...base, f: lines("1", "2", "3", "ours", "5", "6", "7"), g: "gg\n", n: "n\n" },
    "a merge\n",
  );

function expectEqual({ ours, theirs }: Twins): void {
  expect(snapshot(ours)).toEqual(snapshot(theirs));
  expect(git(ours, "fsck", "--strict", "--no-dangling")).toBe("");
}

describeGit("merge beside git merge", () => {
  const cases: [string, string[], MergeRequest][] = [
    ["a fast-forward", ["fwd"], { revision: "fwd" }],
    ["no fast-forward", ["--no-ff", "fwd"], { revision: "fwd", fastForward: "never" }],
    ["a clean merge", ["clean"], { revision: "clean" }],
    ["a commit by id", ["clean~1"], { revision: "clean~1" }],
    ["a message", ["-m", "Why\n\nbecause", "clean"], { revision: "clean", message: "Why\n\nbecause" }],
    ["a conflict", ["topic"], { revision: "topic" }],
    ["a squash", ["--squash", "clean"], { revision: "clean", squash: true }],
    ["a squashed fast-forward", ["--squash", "fwd"], { revision: "fwd", squash: true }],
    ["a squash with a conflict", ["--squash", "topic"], { revision: "topic", squash: true }],
    ["no commit", ["--no-commit", "clean"], { revision: "clean", noCommit: true }],
    ["nothing to do", ["main~1"], { revision: "main~1" }],
  ];
  it.each(cases)("%s", async (_, args, request) => {
    const both = await twins(history);
    byGit(both, "merge", "--no-edit", ...args);
    await merge(both.repo, request);
    expectEqual(both);
  });

  it.each([["v1"], ["--no-commit", "v1"], ["v1^{tag}"], ["v1~0"], ["topic-1"]])(
    "an annotated tag: %s %s",
    async (...args) => {
      const both = await twins(history);
      for (const dir of [both.ours, both.theirs]) {
        git(dir, "tag", "-am", "Release 1\n\n  # of all\n\n\nnotes", "v1", "clean");
        git(dir, "tag", "-am", "Release 2", "topic-1", "topic");
      }
      byGit(both, "merge", "--no-edit", ...args);
      await merge(both.repo, { revision: args.at(-1) ?? "", noCommit: args.length > 1 });
      expectEqual(both);
    },
  );

  it.each(["git", "us"])("commits the merge of a tag that %s began", async (starter) => {
    const both = await twins(history);
    for (const dir of [both.ours, both.theirs]) {
      git(dir, "tag", "-am", "Release", "plain", "topic");
      const signed = `${git(dir, "cat-file", "tag", "plain")}\n-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n`;
      const oid = gitBytes(dir, ["hash-object", "-t", "tag", "-w", "--stdin"], {
        input: signed.replace("plain", "v1"),
      });
      git(dir, "update-ref", "refs/tags/v1", oid.toString().trim());
    }
    byGit(both, "merge", "v1");
    if (starter === "us") await merge(both.repo, { revision: "v1" });
    else byGit({ ...both, theirs: both.ours }, "merge", "v1");
    for (const dir of [both.ours, both.theirs]) {
      writeFileSync(join(dir, "f"), "resolved\n");
      git(dir, "add", "f");
    }
    byGit(both, "commit");
    await commit(both.repo, {});
    expectEqual(both);
    const tagsOf = (dir: string) => git(dir, "cat-file", "-p", "HEAD").match(/^mergetag .*(?:\n .*)+/gm);
    expect(tagsOf(both.ours)).toHaveLength(1);
    expect(tagsOf(both.ours)).toEqual(tagsOf(both.theirs));
  });

  it("begins a branch that has no commit", async () => {
    const both = await twins(history);
    for (const dir of [both.ours, both.theirs]) {
      git(dir, "checkout", "-q", "--orphan", "new");
      git(dir, "rm", "-rqf", ".");
    }
    byGit(both, "merge", "fwd");
    expect((await merge(both.repo, { revision: "fwd" })).before).toBeUndefined();
    expectEqual(both);
  });

  it.each(["diff3", "zdiff3"])("shows conflicts in style %s", async (style) => {
    const both = await twins(history);
    for (const dir of [both.ours, both.theirs]) git(dir, "config", "merge.conflictStyle", style);
    both.repo.refresh();
    byGit(both, "merge", "topic");
    await merge(both.repo, { revision: "topic" });
    expectEqual(both);
  });

  it.each(["f merge=union", "f -merge", "f merge=binary", "f conflict-marker-size=9"])(
    "heeds %s",
    async (attribute) => {
      const both = await twins(history);
      for (const dir of [both.ours, both.theirs]) writeFileSync(join(dir, ".git/info/attributes"), `${attribute}\n`);
      both.repo.refresh();
      byGit(both, "merge", "--no-edit", "topic");
      await merge(both.repo, { revision: "topic" });
      expectEqual(both);
    },
  );

  it("runs no merge driver: the file stays ours, and in conflict", async () => {
    const { ours, repo } = await twins(history);
    writeFileSync(join(ours, ".git/info/attributes"), "f merge=mine\n");
    git(ours, "config", "merge.mine.driver", "touch ran; true");
    repo.refresh();
    const outcome = await merge(repo, { revision: "topic" });
    expect(outcome.result).toBe("conflicts");
    expect(outcome.messages.join()).toContain("its merge driver is a program");
    expect(git(ours, "status", "--porcelain")).toContain("UU f");
    expect(git(ours, "diff", "HEAD", "--", "f")).toBe("");
  });

  it("refuses what has diverged or has nothing in common", async () => {
    const both = await twins(history + commitOf(20, "stranger", [], { s: "s\n" }));
    const before = snapshot(both.ours);
    await expect(merge(both.repo, { revision: "topic", fastForward: "only" })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    await expect(merge(both.repo, { revision: "stranger" })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(merge(both.repo, { revision: "--upload-pack=x" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(snapshot(both.ours)).toEqual(before);
    byGit(both, "merge", "--no-edit", "--allow-unrelated-histories", "stranger");
    await merge(both.repo, { revision: "stranger", allowUnrelated: true });
    expectEqual(both);
  });

  it("goes on after a conflict, begun by either", async () => {
    const both = await twins(history);
    byGit(both, "merge", "topic");
    await merge(both.repo, { revision: "topic" });
    for (const dir of [both.ours, both.theirs]) {
      writeFileSync(join(dir, "f"), "resolved\n");
      git(dir, "add", "f");
    }
    byGit(both, "merge", "--continue");
    await continueMerge(both.repo, undefined);
    expectEqual(both);
  });

  it("aborts, and keeps changes in other files", async () => {
    const both = await twins(history);
    for (const dir of [both.ours, both.theirs]) writeFileSync(join(dir, "d/h"), "local\n");
    byGit(both, "merge", "topic");
    await merge(both.repo, { revision: "topic" });
    expectEqual(both);
    byGit(both, "merge", "--abort");
    await abortMerge(both.repo);
    expect(snapshot(both.ours)["files"]).toEqual(snapshot(both.theirs)["files"]);
    expect(git(both.ours, "status", "--porcelain")).toBe(" M d/h");
  });

  it("touches nothing where a local change is in the way", async () => {
    const both = await twins(history);
    writeFileSync(join(both.ours, "f"), "local\n");
    const before = snapshot(both.ours);
    await expect(merge(both.repo, { revision: "topic" })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(snapshot(both.ours)).toEqual(before);
    git(both.ours, "add", "f");
    await expect(merge(both.repo, { revision: "clean" })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(git(both.ours, "status", "--porcelain")).toBe("M  f");
  });
});

const commitsOf = ({ repo }: Twins, ...names: string[]) =>
  names.map((name) => repo.objects.commit(resolveRevision(repo, name)));

describeGit("cherry-pick and revert beside git", () => {
  const cases: [string, string[], string[], PickOptions][] = [
    ["one", ["cherry-pick", "clean"], ["clean"], { action: "pick" }],
    ["several", ["cherry-pick", "clean~1", "clean"], ["clean~1", "clean"], { action: "pick" }],
    ["with its origin", ["cherry-pick", "-x", "clean~1"], ["clean~1"], { action: "pick", recordOrigin: true }],
    ["a conflict", ["cherry-pick", "topic~1"], ["topic~1"], { action: "pick" }],
    [
      "a conflict among several",
      ["cherry-pick", "clean", "topic~1", "topic"],
      ["clean", "topic~1", "topic"],
      { action: "pick" },
    ],
    ["without committing", ["cherry-pick", "-n", "clean"], ["clean"], { action: "pick", commit: false }],
    ["a merge", ["cherry-pick", "-m", "1", "merged"], ["merged"], { action: "pick", mainline: 1 }],
    ["a revert", ["revert", "--no-edit", "main"], ["main"], { action: "revert" }],
    ["a revert with a conflict", ["revert", "--no-edit", "topic~1"], ["topic~1"], { action: "revert" }],
  ];
  it.each(cases)("%s", async (_, args, names, options) => {
    const both = await twins(history);
    byGit(both, ...args);
    await pickCommits(both.repo, commitsOf(both, ...names), options);
    expectEqual(both);
  });

  it("goes on, skips and aborts as git does", async () => {
    for (const [flag, goOn] of [
      ["--continue", continuePicks],
      ["--skip", skipPick],
      ["--abort", abortPicks],
    ] as const) {
      const both = await twins(history);
      const names = ["clean~1", "topic~1", "clean"];
      byGit(both, "cherry-pick", ...names);
      await pickCommits(both.repo, commitsOf(both, ...names), { action: "pick" });
      if (flag === "--continue") {
        for (const dir of [both.ours, both.theirs]) {
          writeFileSync(join(dir, "f"), "resolved\n");
          git(dir, "add", "f");
        }
      }
      byGit(both, "cherry-pick", flag);
      await goOn(both.repo, "cherry-pick");
      const [mine, other] = [snapshot(both.ours), snapshot(both.theirs)];
      // Git notes in the reflog that HEAD was reset to where it was; nothing moved, so we don't.
      if (flag === "--skip") mine["reflog"] = other["reflog"];
      expect(mine, flag).toEqual(other);
    }
  });

  it("is gone on with by git", async () => {
    const both = await twins(history);
    await pickCommits(both.repo, commitsOf(both, "clean~1", "topic~1", "clean"), { action: "pick" });
    git(both.ours, "checkout", "--theirs", "f");
    git(both.ours, "add", "f");
    git(both.ours, "-c", "core.editor=true", "cherry-pick", "--continue");
    expect(git(both.ours, "log", "--format=%s", "-3")).toBe("commit 6\ntopic one\nclean one");
  });
});

describeGit("rebase beside git rebase", () => {
  const onTopic = async (branch = "topic"): Promise<Twins> => {
    const both = await twins(history);
    for (const dir of [both.ours, both.theirs]) git(dir, "checkout", "-q", branch);
    both.repo.refresh();
    return both;
  };

  it.each([
    ["clean", "main"],
    ["topic", "main"],
    ["main", "fwd"],
    ["fwd", "main"],
    ["merged", "topic~1"],
  ])("%s onto %s", async (branch, upstream) => {
    const both = await onTopic(branch);
    byGit(both, "rebase", upstream);
    await rebase(both.repo, { upstream });
    expectEqual(both);
  });

  it("leaves out what upstream has already", async () => {
    const both = await onTopic("side");
    for (const dir of [both.ours, both.theirs]) git(dir, "branch", "-q", "-f", "up", "main");
    for (const dir of [both.ours, both.theirs]) {
      git(dir, "checkout", "-q", "up");
      git(dir, "cherry-pick", "clean~1");
      git(dir, "checkout", "-q", "side");
    }
    both.repo.refresh();
    byGit(both, "rebase", "up");
    const outcome = await rebase(both.repo, { upstream: "up" });
    expect(outcome.applied).toHaveLength(1);
    expectEqual(both);
  });

  it.each([
    ["--continue", continueRebase],
    ["--skip", skipInRebase],
    ["--abort", abortRebase],
  ] as const)("ends with %s, begun by either", async (flag, goOn) => {
    const both = await onTopic();
    byGit(both, "rebase", "main");
    await rebase(both.repo, { upstream: "main" });
    if (flag === "--continue") {
      for (const dir of [both.ours, both.theirs]) {
        writeFileSync(join(dir, "f"), "resolved\n");
        git(dir, "add", "f");
      }
    }
    byGit(both, "rebase", flag);
    await goOn(both.repo);
    expectEqual(both);
  });

  it("is gone on with by git, and goes on with what git began", async () => {
    const both = await onTopic();
    byGit(both, "rebase", "main");
    await rebase(both.repo, { upstream: "main" });
    for (const dir of [both.ours, both.theirs]) {
      writeFileSync(join(dir, "f"), "resolved\n");
      git(dir, "add", "f");
    }
    git(both.ours, "-c", "core.editor=true", "rebase", "--continue");
    expect(git(both.ours, "log", "--format=%s", "-3")).toBe("topic two\ntopic one\ncommit 2");
    const { openRepository } = await import("../src/repository/open-repository.js");
    await continueRebase(openRepository(both.theirs, { paths: [both.theirs] }));
    expectEqual(both);
  });

  it("carries out no command of a list but picks, and can still be aborted", async () => {
    const { ours, repo } = await onTopic();
    await rebase(repo, { upstream: "main" });
    writeFileSync(join(ours, ".git/rebase-merge/git-rebase-todo"), "exec touch ran\n");
    writeFileSync(join(ours, "f"), "resolved\n");
    git(ours, "add", "f");
    await expect(continueRebase(repo)).rejects.toMatchObject({ code: "UNSUPPORTED" });
    await expect(skipInRebase(repo)).rejects.toMatchObject({ code: "UNSUPPORTED" });
    expect(await abortRebase(repo)).toMatch(/^refs\/mcp-undo\//);
    expect(git(ours, "status", "--porcelain", "--branch")).toBe("## topic");
  });

  it("refuses local changes", async () => {
    const both = await onTopic();
    rmSync(join(both.ours, "g"), { force: true });
    writeFileSync(join(both.ours, "d/h"), "local\n");
    await expect(rebase(both.repo, { upstream: "main" })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(git(both.ours, "symbolic-ref", "HEAD")).toBe("refs/heads/topic");
    git(both.ours, "add", "-A");
    await commit(both.repo, { message: "local\n" });
  });
});
