import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describeGit, git, tempDir } from "@mcp-reference/testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { checkout } from "../../src/changes/checkout/checkout.js";
import { commit } from "../../src/changes/commit/commit.js";
import { reset } from "../../src/changes/reset/reset.js";
import { abortMerge } from "../../src/merging/merge/end-merge.js";
import { merge } from "../../src/merging/merge/merge.js";
import { abortPicks, continuePicks } from "../../src/merging/picks/go-on-picking.js";
import { pickCommits } from "../../src/merging/picks/pick-commits.js";
import { abortRebase } from "../../src/merging/rebase/go-on-rebasing.js";
import { rebase } from "../../src/merging/rebase/rebase.js";
import { openRepository } from "../../src/repository/open-repository.js";
import type { Repository } from "../../src/repository/repository.js";

process.env.GIT_CONFIG_GLOBAL = "/dev/null";

const original = mkdtempSync(path.join(realpathSync(tmpdir()), "mcp-test-"));
let dir: string;
/** What changed refs, and whether nobody else could commit meanwhile. */
let changes: { ref: string; locked: boolean }[];
let watched: Repository;

/** `main` and `side` change `f` differently, and add files that the other has not. */
beforeAll(() => {
  const run = (...args: string[]) => git(original, ...args);
  const save = (name: string, text: string) => {
    writeFileSync(path.join(original, name), text);
    run("add", ".");
    run("commit", "-qm", `${name} ${text}`);
  };
  run("init", "-q", "-b", "main");
  run("config", "user.name", "C O Mitter");
  run("config", "user.email", "committer@example.com");
  save("f", "base");
  run("branch", "clean");
  run("checkout", "-qb", "side");
  save("f", "side");
  save("g", "side");
  run("checkout", "-q", "clean");
  save("h", "clean");
  run("checkout", "-q", "main");
  save("f", "main");
  save("m", "main");
});

afterAll(() => rmSync(original, { recursive: true }));

beforeEach(async () => {
  dir = await tempDir();
  cpSync(original, dir, { recursive: true });
  const repo = openRepository(dir, { paths: [dir] });
  changes = [];
  watched = new Proxy(repo, {
    get: (target, name) => (name === "refs" ? watchedRefs(repo) : bound(target, Reflect.get(target, name, target))),
  });
});

const bound = (target: object, value: unknown) => (typeof value === "function" ? value.bind(target) : value);

const watchedRefs = ({ refs }: Repository): Repository["refs"] =>
  new Proxy(refs, {
    get(target, name) {
      if (name !== "update") return bound(target, Reflect.get(target, name, target));
      const update: typeof refs.update = (all, log) => {
        const locked = existsSync(path.join(dir, ".git/index.lock"));
        changes.push(...all.filter(({ ref }) => !ref.startsWith("refs/mcp-undo/")).map(({ ref }) => ({ ref, locked })));
        refs.update(all, log);
      };
      return update;
    },
  });

const commitOf = (name: string) => watched.objects.commit(git(dir, "rev-parse", name));

describeGit("whatever moves HEAD", () => {
  const operations: [string, () => Promise<unknown>][] = [
    ["checkout", () => checkout(watched, { name: "side" })],
    ["checkout of a new branch", () => checkout(watched, { name: "new", create: true, startPoint: "side" })],
    ["checkout by force", () => checkout(watched, { name: "side", force: true })],
    ["checkout of a commit", () => checkout(watched, { name: "side~1" })],
    ["reset soft", () => reset(watched, { mode: "soft", revision: "HEAD~1" })],
    ["reset mixed", () => reset(watched, { mode: "mixed", revision: "HEAD~1" })],
    ["reset hard", () => reset(watched, { mode: "hard", revision: "HEAD~1" })],
    ["commit", () => commit(watched, { message: "x", allowEmpty: true })],
    ["merge", () => merge(watched, { revision: "clean" })],
    ["cherry-pick", () => pickCommits(watched, [commitOf("clean")], { action: "pick" })],
    ["rebase", () => rebase(watched, { upstream: "clean" })],
  ];
  it.each(operations)("holds the lock of the index: %s", async (_, run) => {
    await run();
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.filter(({ locked }) => !locked)).toEqual([]);
    expect(git(dir, "status", "--porcelain", "--untracked-files=no").replace(/^.*[mf]$/gm, "")).toBe("");
    expect(git(dir, "fsck", "--strict", "--no-dangling")).toBe("");
  });

  const aborted: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
    ["merge", () => merge(watched, { revision: "side" }), () => abortMerge(watched)],
    [
      "cherry-pick",
      () => pickCommits(watched, [commitOf("clean"), commitOf("side~1")], { action: "pick" }),
      () => abortPicks(watched, "cherry-pick"),
    ],
    ["rebase", () => rebase(watched, { upstream: "side" }), () => abortRebase(watched)],
  ];
  it.each(aborted)("holds it to stop in a conflict and to abort: %s", async (_, start, abort) => {
    const before = git(dir, "rev-parse", "main");
    await start();
    await abort();
    expect(changes.filter(({ locked }) => !locked)).toEqual([]);
    expect(git(dir, "rev-parse", "main", "HEAD")).toBe(`${before}\n${before}`);
    expect(git(dir, "status", "--porcelain", "--branch")).toBe("## main");
  });

  it("keeps what is left to pick where local changes are in the way of going on", async () => {
    await pickCommits(watched, [commitOf("side~1"), commitOf("side")], { action: "pick" });
    writeFileSync(path.join(dir, "f"), "resolved");
    git(dir, "add", "f");
    writeFileSync(path.join(dir, "g"), "in the way");
    await expect(continuePicks(watched, "cherry-pick")).rejects.toMatchObject({ code: "CONFLICT" });
    git(dir, "clean", "-qf");
    const outcome = await continuePicks(watched, "cherry-pick");
    expect(outcome.made.map(({ subject }) => subject)).toEqual(["g side"]);
    expect(git(dir, "status", "--porcelain", "--branch")).toBe("## main");
    expect(git(dir, "log", "-2", "--format=%s")).toBe("g side\nf side");
  });
});
