import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describeGit, git } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { createBranch } from "../../src/changes/branches/create-branch.js";
import { deleteBranch } from "../../src/changes/branches/delete-branch.js";
import { renameBranch } from "../../src/changes/branches/rename-branch.js";
import { checkout } from "../../src/changes/checkout/checkout.js";
import { reset, unstage } from "../../src/changes/reset/reset.js";
import { restore } from "../../src/changes/reset/restore.js";
import { createTag, deleteTag } from "../../src/changes/tags/tags.js";
import { MOMENT, type Twins, twins } from "./twins.js";

const write = (dir: string, name: string, text: string) => writeFileSync(path.join(dir, name), text);

/** Three commits on main, a branch beside it, a remote-tracking branch, and a tag. */
const history = () =>
  twins((dir, run) => {
    mkdirSync(path.join(dir, "d"));
    for (const round of ["1", "2", "3"]) {
      write(dir, "a", `a${round}\n`);
      write(dir, `d/${round}`, `${round}\n`);
      run("add", ".");
      run("commit", "-qm", `commit ${round}`);
    }
    run("branch", "side", "HEAD~2");
    run("tag", "v1", "HEAD~1");
    run("remote", "add", "origin", "https://example.com/x");
    run("update-ref", "refs/remotes/origin/topic", "HEAD~1");
  });

const inBoth = (t: Twins, change: (dir: string) => void) => {
  for (const dir of [t.theirs, t.ours]) change(dir);
};

const outcome = async (work: Promise<unknown> | (() => unknown)): Promise<string> => {
  try {
    await (typeof work === "function" ? work() : work);
    return "done";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
};

const configOf = (dir: string) => git(dir, "config", "--local", "--list");

describeGit("branches, tags and checkout", () => {
  it("checks out branches, commits, tags, new and remote branches as git does", async () => {
    const t = await history();
    inBoth(t, (dir) => appendFileSync(path.join(dir, "d/1"), "kept\n"));
    const steps: [string[], Parameters<typeof checkout>[1]][] = [
      [["side"], { name: "side" }],
      [["v1"], { name: "v1" }],
      [["-b", "fresh"], { name: "fresh", create: true }],
      [["-b", "older", "main~1"], { name: "older", create: true, startPoint: "main~1" }],
      [["-"], { name: "-" }],
      [["topic"], { name: "topic" }],
      [["--detach", "main"], { name: "main", detach: true }],
      [["main"], { name: "main" }],
    ];
    for (const [args, request] of steps) {
      t.git("checkout", "-q", ...args);
      await checkout(t.repo, request);
      t.expectEqual();
    }
    expect(configOf(t.ours)).toBe(configOf(t.theirs));
  });

  it("refuses what would lose changes, and gives them up only with force, into a recovery ref", async () => {
    const t = await history();
    inBoth(t, (dir) => write(dir, "a", "local\n"));
    expect(t.git("checkout", "-q", "side").ok).toBe(false);
    expect(await outcome(checkout(t.repo, { name: "side" }))).toBe("CONFLICT");
    t.expectEqual();
    t.git("checkout", "-qf", "side");
    const { undoRef } = await checkout(t.repo, { name: "side", force: true });
    t.expectEqual();
    expect(git(t.ours, "show", `${undoRef}:a`)).toBe("local");
  });

  it("makes, renames and deletes branches with reflogs and settings", async () => {
    const t = await history();
    t.git("branch", "one", "origin/topic");
    createBranch(t.repo, "one", "origin/topic");
    t.expectEqual();
    t.git("branch", "-m", "one", "two");
    renameBranch(t.repo, "one", "two");
    t.expectEqual();
    t.git("branch", "-m", "trunk");
    renameBranch(t.repo, undefined, "trunk");
    t.expectEqual();
    expect(configOf(t.ours)).toBe(configOf(t.theirs));
    t.git("branch", "-d", "two");
    deleteBranch(t.repo, "two");
    t.expectEqual();
    expect(configOf(t.ours)).toBe(configOf(t.theirs));
    t.git("checkout", "-q", "side");
    await checkout(t.repo, { name: "side" });
    expect(await outcome(() => deleteBranch(t.repo, "trunk"))).toBe("CONFLICT");
    expect(await outcome(() => deleteBranch(t.repo, "side", { force: true }))).toBe("CONFLICT");
    const trunk = git(t.ours, "rev-parse", "trunk");
    const { undoRef } = deleteBranch(t.repo, "trunk", { force: true });
    t.git("branch", "-D", "trunk");
    t.expectEqual();
    expect(git(t.ours, "rev-parse", undoRef)).toBe(trunk);
    for (const bad of ["-x", "a..b", "a b", "x.lock", "HEAD", "../../x", "a~1", "", ".git", "@"]) {
      expect(await outcome(() => createBranch(t.repo, bad)), bad).toBe(
        bad === ".git" ? "INVALID_ARGUMENT" : "INVALID_ARGUMENT",
      );
    }
  });

  it("makes and deletes light and annotated tags", async () => {
    const t = await history();
    t.git("tag", "light", "side");
    createTag(t.repo, { name: "light", revision: "side" });
    t.git("tag", "-a", "-m", "Release\n\n# comment\nnotes", "noted");
    createTag(t.repo, { name: "noted", message: "Release\n\n# comment\nnotes", moment: MOMENT });
    t.expectEqual();
    expect(await outcome(() => createTag(t.repo, { name: "light" }))).toBe("ALREADY_EXISTS");
    t.git("tag", "-f", "light");
    expect(createTag(t.repo, { name: "light", force: true }).undoRef).toBeDefined();
    t.expectEqual();
    t.git("tag", "-d", "noted");
    deleteTag(t.repo, "noted");
    t.expectEqual();
  });
});

describeGit("reset and restore", () => {
  const mess = async () => {
    const t = await history();
    inBoth(t, (dir) => {
      write(dir, "a", "staged\n");
      write(dir, "new", "new\n");
      git(dir, "add", ".");
      git(dir, "rm", "-q", "--cached", "d/2");
      write(dir, "a", "unstaged\n");
      write(dir, "untracked", "x\n");
    });
    t.repo.refresh();
    return t;
  };

  it.each(["soft", "mixed", "hard"] as const)("resets %s as git does", async (mode) => {
    for (const revision of ["HEAD", "HEAD~2", "side"]) {
      const t = await mess();
      t.git("reset", "-q", `--${mode}`, revision);
      const { undoRef } = await reset(t.repo, { mode, revision });
      t.expectEqual();
      if (mode === "hard") {
        expect(git(t.ours, "show", `${undoRef}:a`)).toBe("unstaged");
        expect(git(t.ours, "show", `${undoRef}^2:a`)).toBe("staged");
        git(t.ours, "reset", "-q", "--hard", `${undoRef}^1`);
        git(t.ours, "stash", "apply", "-q", "--index", String(undoRef));
        expect(git(t.ours, "status", "--porcelain")).toContain("MM a");
      }
    }
  });

  it("unstages paths, directories and globs", async () => {
    for (const paths of [["a"], ["d"], ["*w"], ["."], ["d/2", "new"]]) {
      const t = await mess();
      t.git("reset", "-q", "--", ...paths);
      await unstage(t.repo, { paths });
      t.expectEqual();
    }
  });

  it("restores worktree and index from the index and from revisions", async () => {
    const cases: [string[], Parameters<typeof restore>[1]][] = [
      [["a"], { paths: ["a"], staged: false, worktree: true }],
      [["--staged", "."], { paths: ["."], staged: true, worktree: false }],
      [["--staged", "--worktree", "."], { paths: ["."], staged: true, worktree: true }],
      [["--source=side", "."], { paths: ["."], source: "side", staged: false, worktree: true }],
      [
        ["--source=side", "--staged", "--worktree", "d"],
        { paths: ["d"], source: "side", staged: true, worktree: true },
      ],
      [["--source=HEAD~1", "--staged", "a"], { paths: ["a"], source: "HEAD~1", staged: true, worktree: false }],
    ];
    for (const [args, request] of cases) {
      const t = await mess();
      t.git("restore", ...args);
      await restore(t.repo, request);
      t.expectEqual();
    }
  });
});
