import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git } from "@mcp-reference/testing";
import { expect, test } from "vitest";
import { type PullRequest, pullFromRemote } from "../../src/remote/sync/pull.js";
import { clonedFrom, commitTo, serve, stateOf, whoIn } from "./served.js";

const withCode = (code: string) => expect.objectContaining({ code });

async function pulling() {
  const served = await serve();
  const { repo, path, access } = await clonedFrom(served);
  git(served.dir, "clone", "-q", `file://${served.bare}`, "gits");
  const pull = (branch?: string, whenParted?: PullRequest["whenParted"]) => {
    repo.refresh();
    return pullFromRemote(repo, access, { remote: "origin", who: whoIn(repo), branch, whenParted });
  };
  return { served, path, gits: join(served.dir, "gits"), pull };
}

describeGit("a pull", () => {
  test("moves branch, index and worktree forward as git's does", async () => {
    const { served, path, gits, pull } = await pulling();
    commitTo(served.bare, "main", "dir/new.txt", "new\n");
    const to = commitTo(served.bare, "main", "a.txt", "changed\n");
    expect(await pull()).toMatchObject({ result: "fast-forward", ref: "refs/heads/main", to });
    git(gits, "pull", "-q", "--ff-only");
    expect(stateOf(path)).toEqual(stateOf(gits));
    expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("changed\n");
    expect(git(path, "reflog", "-1")).toContain("pull: Fast-forward");
    expect(await pull()).toMatchObject({ result: "up to date", from: to, to });
  });

  test("changes nothing where both sides have commits, nor where local changes are in the way", async () => {
    const { served, path, pull } = await pulling();
    commitTo(served.bare, "main", "a.txt", "theirs\n");
    writeFileSync(join(path, "a.txt"), "mine\n");
    const head = git(path, "rev-parse", "HEAD");
    await expect(pull()).rejects.toThrow(withCode("CONFLICT"));
    expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("mine\n");
    expect(git(path, "rev-parse", "HEAD")).toBe(head);
    git(path, "commit", "-q", "-am", "mine");
    await expect(pull()).rejects.toThrow(/commits of their own/);
    expect(git(path, "status", "--porcelain")).toBe("");
    expect(existsSync(join(path, ".git/index.lock"))).toBe(false);
  });

  test("that is ahead has nothing to do", async () => {
    const { path, pull } = await pulling();
    git(path, "commit", "-q", "--allow-empty", "-m", "mine");
    const head = git(path, "rev-parse", "HEAD");
    expect(await pull()).toMatchObject({ from: head, to: head });
  });

  test("needs a branch on both sides", async () => {
    const { path, pull } = await pulling();
    git(path, "checkout", "-q", "-b", "lonely");
    await expect(pull()).rejects.toThrow(withCode("INVALID_ARGUMENT"));
    expect(await pull("main")).toMatchObject({ ref: "refs/heads/lonely" });
    await expect(pull("nope")).rejects.toThrow(withCode("NOT_FOUND"));
    git(path, "checkout", "-q", "--detach");
    await expect(pull()).rejects.toThrow(withCode("INVALID_ARGUMENT"));
  });

  test.each(["merge", "rebase"] as const)("brings both sides together when asked to %s", async (whenParted) => {
    const { served, path, gits, pull } = await pulling();
    const theirs = commitTo(served.bare, "main", "theirs.txt", "theirs\n");
    for (const clone of [path, gits]) {
      git(clone, "config", "user.name", "C O Mitter");
      git(clone, "config", "user.email", "committer@example.com");
      writeFileSync(join(clone, "mine.txt"), "mine\n");
      git(clone, "add", "mine.txt");
      git(clone, "commit", "-q", "-m", "mine");
    }
    const { result, from } = await pull(undefined, whenParted);
    git(gits, "pull", "-q", whenParted === "merge" ? "--no-rebase" : "--rebase", "--no-edit");
    expect(result).toBe(whenParted === "merge" ? "merged" : "rebased");
    const shape = (clone: string) => git(clone, "log", "--format=%T", "--topo-order", "HEAD");
    expect(shape(path)).toEqual(shape(gits));
    expect(git(path, "merge-base", "HEAD", "origin/main")).toBe(theirs);
    expect(git(path, "rev-list", "--count", `${from}..HEAD`)).toBe(git(gits, "rev-list", "--count", `${from}..HEAD`));
    expect([git(path, "status", "--porcelain"), git(path, "fsck", "--strict")]).toEqual(["", ""]);
    expect(git(path, "log", "-1", "--format=%s")).toBe(
      whenParted === "merge" ? `Merge branch 'main' of ${served.url.replace(".git", "")}` : "mine",
    );
  });

  test("leaves what conflicts to be resolved", async () => {
    const { served, path, pull } = await pulling();
    commitTo(served.bare, "main", "a.txt", "theirs\n");
    git(path, "config", "user.name", "me");
    git(path, "config", "user.email", "me@b.test");
    writeFileSync(join(path, "a.txt"), "mine\n");
    git(path, "commit", "-q", "-am", "mine");
    expect(await pull(undefined, "merge")).toMatchObject({ result: "conflicts", conflicts: ["a.txt"] });
    expect(git(path, "status", "--porcelain")).toBe("UU a.txt");
    await expect(pull()).rejects.toThrow(withCode("CONFLICT"));
  });
});
