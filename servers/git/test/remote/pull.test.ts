import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git } from "@mcp-reference/testing";
import { expect, test } from "vitest";
import { pullFromRemote } from "../../src/remote/sync/pull.js";
import { clonedFrom, commitTo, serve, stateOf, whoIn } from "./served.js";

const withCode = (code: string) => expect.objectContaining({ code });

async function pulling() {
  const served = await serve();
  const { repo, path, access } = await clonedFrom(served);
  git(served.dir, "clone", "-q", `file://${served.bare}`, "gits");
  const pull = (branch?: string) => {
    repo.refresh();
    return pullFromRemote(repo, access, { remote: "origin", who: whoIn(repo), branch });
  };
  return { served, path, gits: join(served.dir, "gits"), pull };
}

describeGit("a pull", () => {
  test("moves branch, index and worktree forward as git's does", async () => {
    const { served, path, gits, pull } = await pulling();
    commitTo(served.bare, "main", "dir/new.txt", "new\n");
    const to = commitTo(served.bare, "main", "a.txt", "changed\n");
    expect(await pull()).toMatchObject({ ref: "refs/heads/main", to, files: 2 });
    git(gits, "pull", "-q", "--ff-only");
    expect(stateOf(path)).toEqual(stateOf(gits));
    expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("changed\n");
    expect(git(path, "reflog", "-1")).toContain("pull: Fast-forward");
    expect(await pull()).toMatchObject({ from: to, to, files: 0 });
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
});
