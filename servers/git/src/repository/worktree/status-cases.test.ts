import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import { beforeEach, expect, test } from "vitest";
import { porcelainV2 } from "../../../test/support/porcelain.js";
import { openRepository } from "../open-repository.js";
import { stagedChanges, unstagedChanges } from "./changed-files.js";
import { readStatus } from "./status.js";
import type { StatusOptions } from "./status-types.js";

describeGit("status", () => {
  let parent: string;
  let dir: string;

  beforeEach(async () => {
    parent = await tempDir();
    dir = join(parent, "repo");
    mkdirSync(dir);
    git(dir, "init", "-q");
    for (const path of ["a", "d/b", "d/e/c"]) write(path, `${path}\n`);
    git(dir, "add", ".");
    git(dir, "commit", "-qm", "first");
  });

  const write = (path: string, content: string): void => {
    mkdirSync(join(dir, path, ".."), { recursive: true });
    writeFileSync(join(dir, path), content);
  };
  const open = (at = dir) => openRepository(at, { paths: [parent] });
  const expectGits = async (at = dir, options: StatusOptions = {}, ...args: string[]) => {
    const status = await readStatus(open(at), options);
    const printed = gitBytes(at, ["--no-optional-locks", "status", "--porcelain=v2", "--branch", "-z", ...args]);
    expect(porcelainV2(status).split("\0")).toEqual(printed.toString("latin1").split("\0"));
    return status;
  };

  test("tells how far a branch is from what it follows", async () => {
    git(parent, "clone", "-q", dir, "clone");
    const clone = join(parent, "clone");
    git(clone, "commit", "-q", "--allow-empty", "-m", "ours");
    git(dir, "commit", "-q", "--allow-empty", "-m", "theirs");
    git(dir, "commit", "-q", "--allow-empty", "-m", "theirs too");
    git(clone, "fetch", "-q");
    expect((await expectGits(clone)).upstream?.distance).toEqual({ ahead: 1, behind: 2 });
    git(clone, "update-ref", "-d", "refs/remotes/origin/main");
    expect((await expectGits(clone)).upstream?.distance).toBeUndefined();
    git(clone, "checkout", "-q", "--detach");
    await expectGits(clone);
  });

  test("tells of a linked worktree", async () => {
    git(dir, "worktree", "add", "-q", "../linked");
    writeFileSync(join(parent, "linked/new"), "");
    writeFileSync(join(parent, "linked/a"), "changed\n");
    expect((await expectGits(join(parent, "linked"))).changes).toHaveLength(1);
    await expectGits();
  });

  test("tells what was begun, what is in conflict and what is stashed", async () => {
    git(dir, "checkout", "-qb", "other");
    write("a", "other\n");
    git(dir, "commit", "-qam", "other");
    git(dir, "checkout", "-q", "main");
    write("a", "main\n");
    git(dir, "commit", "-qam", "main");
    write("d/b", "stashed\n");
    git(dir, "stash", "-q");
    for (const [begin, operation] of [
      [["merge", "other"], "merge"],
      [["cherry-pick", "other"], "cherry-pick"],
      [["revert", "HEAD~"], undefined],
      [["rebase", "other"], "rebase"],
    ] as const) {
      try {
        git(dir, ...begin);
      } catch {
        // It stops at the conflict.
      }
      const status = await expectGits();
      if (operation) expect(status).toMatchObject({ operation, stashes: 1, conflicts: [{ path: "a", kind: "UU" }] });
      git(dir, "reset", "-q", "--hard");
      if (operation === "rebase") git(dir, "rebase", "--abort");
    }
    git(dir, "bisect", "start");
    expect((await readStatus(open())).operation).toBe("bisect");
  });

  test("looks into submodules", async () => {
    git(dir, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", dir, "sub");
    git(dir, "commit", "-qm", "submodule");
    await expectGits();
    writeFileSync(join(dir, "sub/new"), "");
    await expectGits();
    await expectGits(dir, { untracked: "no" }, "-uno");
    writeFileSync(join(dir, "sub/a"), "changed\n");
    expect((await expectGits()).changes[0]?.submodule).toEqual({ newCommits: false, modified: true, untracked: true });
    git(join(dir, "sub"), "commit", "-qam", "new");
    await expectGits();
    for (const ignore of ["untracked", "dirty", "all"]) {
      git(dir, "config", "submodule.sub.ignore", ignore);
      await expectGits();
    }
    git(dir, "config", "--unset", "submodule.sub.ignore");
    git(dir, "config", "-f", ".gitmodules", "submodule.sub.ignore", "dirty");
    await expectGits();
  });

  test("does not follow a submodule out of the repository", async () => {
    const outside = join(parent, "outside");
    git(parent, "clone", "-q", dir, "outside");
    const oid = git(dir, "rev-parse", "HEAD");
    git(dir, "update-index", "--add", "--cacheinfo", `160000,${oid},sub`);
    git(outside, "commit", "-q", "--allow-empty", "-m", "secret");
    mkdirSync(join(dir, "sub"));
    writeFileSync(join(dir, "sub/.git"), `gitdir: ${outside}/.git\n`);
    const status = await readStatus(open());
    expect(status.unverified).toEqual(["sub"]);
    rmSync(join(dir, "sub"), { recursive: true });
    symlinkSync(outside, join(dir, "sub"));
    expect((await readStatus(open())).changes.find(({ path }) => path === "sub")?.unstaged).toBe("T");
  });

  test("holds nothing below a directory that became a link", async () => {
    mkdirSync(join(parent, "elsewhere/e"), { recursive: true });
    writeFileSync(join(parent, "elsewhere/b"), "d/b\n");
    rmSync(join(dir, "d"), { recursive: true });
    symlinkSync(join(parent, "elsewhere"), join(dir, "d"));
    for (const untracked of ["no", "normal", "all"] as const) await expectGits(dir, { untracked }, `-u${untracked}`);
  });

  test("leaves out what a sparse checkout leaves out", async () => {
    git(dir, "sparse-checkout", "set", "--cone", "d/e");
    await expectGits();
    write("a", "back\n");
    await expectGits();
  });

  test("keeps to the paths that are asked for", async () => {
    for (const path of ["d/new", "new/x", "new/y/z", "top"]) write(path, "new\n");
    write("d/b", "changed\n");
    rmSync(join(dir, "a"));
    for (const path of ["d", "new", "new/y", "a", "d/e", "nothing"]) {
      await expectGits(dir, { paths: [path] }, "--", path);
    }
    expect((await unstagedChanges(open(), { paths: ["d"] })).map(({ status, after }) => [status, after?.path])).toEqual(
      [["M", "d/b"]],
    );
  });

  test("remembers what it has read: the index need not be written", async () => {
    const repo = open();
    utimesSync(join(dir, "a"), 1_600_000_000, 1_600_000_000);
    expect((await readStatus(repo)).changes).toEqual([]);
    write("a", "A\n");
    utimesSync(join(dir, "a"), 1_600_000_000, 1_600_000_000);
    expect((await readStatus(repo)).changes).toMatchObject([{ path: "a", unstaged: "M" }]);
  });

  test("runs no filter, and says what it could not compare", async () => {
    git(dir, "config", "filter.x.clean", "touch ran");
    write(".gitattributes", "a filter=x\n");
    expect((await readStatus(open())).unverified).toEqual([]);
    utimesSync(join(dir, "a"), 1_600_000_000, 1_600_000_000);
    const status = await readStatus(open());
    expect(status.unverified).toEqual(["a"]);
    expect(status.changes).toMatchObject([{ path: "a", unstaged: "M" }]);
    expect(status.untracked).toEqual([".gitattributes"]);
  });

  test("a bare repository has none", async () => {
    git(parent, "clone", "-q", "--bare", dir, "bare");
    await expect(readStatus(open(join(parent, "bare")))).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("can be given up", async () => {
    await expect(readStatus(open(), { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });

  test("changes of the index and of the worktree are git's, renames included", async () => {
    git(dir, "mv", "a", "moved");
    write("d/b", "changed\n");
    rmSync(join(dir, "d/e/c"));
    const raw = (changes: Awaited<ReturnType<typeof stagedChanges>>) =>
      changes.map(({ status, before, after, similarity }) =>
        [
          status + (similarity === undefined ? "" : String(similarity).padStart(3, "0")),
          before?.path,
          ...(status === "R" ? [after?.path] : []),
        ].join("\t"),
      );
    expect(raw(await stagedChanges(open())).join("\n")).toBe(git(dir, "diff", "--cached", "--name-status"));
    expect(raw(await unstagedChanges(open())).join("\n")).toBe(git(dir, "diff", "--name-status"));
  });
});
