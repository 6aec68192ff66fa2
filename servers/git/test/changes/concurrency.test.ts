import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describeGit, git, tempDir } from "@mcp-reference/testing";
import { build } from "esbuild";
import { beforeAll, expect, it } from "vitest";
import { commit } from "../../src/changes/commit/commit.js";
import { openRepository } from "../../src/repository/open-repository.js";

let program: string;

beforeAll(async () => {
  const entry = path.join(import.meta.dirname, "writer-process.ts");
  const bundled = await build({ entryPoints: [entry], write: false, bundle: true, platform: "node", format: "esm" });
  program = bundled.outputFiles[0]?.text ?? "";
});

/** The writer lies beside the repository. */
function start(dir: string, ...args: string[]): ChildProcess {
  const file = path.join(path.dirname(dir), "writer.mjs");
  if (!existsSync(file)) writeFileSync(file, program);
  return spawn(process.execPath, [file, dir, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

async function makeRepository(files: number): Promise<string> {
  const dir = path.join(await tempDir(), "repo");
  mkdirSync(dir);
  git(dir, "init", "-q");
  git(dir, "config", "user.name", "W");
  git(dir, "config", "user.email", "w@example.com");
  git(dir, "config", "core.fsync", "none");
  for (const branch of ["other", "main"]) {
    git(dir, "checkout", "-q", "--orphan", branch);
    for (let file = 0; file < files; file++) {
      mkdirSync(path.join(dir, `d${file % 7}`), { recursive: true });
      writeFileSync(
        path.join(dir, `d${file % 7}/${file % 3 ? branch : "both"}-${file}`),
        `${branch} ${file}\n`.repeat(50),
      );
    }
    git(dir, "add", ".");
    git(dir, "commit", "-qm", branch);
    if (branch === "other") git(dir, "rm", "-rqf", ".");
  }
  return dir;
}

/** Locks that a killed process left, which git would name too. */
function removeLocks(dir: string): string[] {
  const locks = readdirSync(path.join(dir, ".git"), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".lock"),
  );
  for (const lock of locks) rmSync(path.join(dir, ".git", lock));
  return locks;
}

describeGit("several writers", () => {
  it("loses nothing of 20 processes that commit at once", async () => {
    const dir = await makeRepository(3);
    const children = Array.from({ length: 20 }, (_, index) => start(dir, `w${index}`, "commit", "2"));
    const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0]));
    expect(codes).toEqual(new Array(20).fill(0));
    expect(git(dir, "rev-list", "--count", "HEAD")).toBe("41");
    const tracked = git(dir, "ls-tree", "--name-only", "HEAD")
      .split("\n")
      .filter((name) => name.startsWith("w"));
    expect(tracked).toHaveLength(40);
    expect(git(dir, "status", "--porcelain")).toBe("");
    expect(git(dir, "fsck", "--strict", "--no-dangling")).toBe("");
    expect(removeLocks(dir)).toEqual([]);
  });

  it.each([["commit"], ["checkout"]])("leaves a repository that git accepts when killed during %s", async (kind) => {
    const dir = await makeRepository(40);
    for (let round = 1; round <= 5; round++) {
      const child = start(dir, `k${round}`, kind, "1000");
      let lines = 0;
      child.stdout?.on("data", (chunk: Buffer) => {
        lines += chunk.toString().split("\n").length - 1;
        if (lines >= round) child.kill("SIGKILL");
      });
      await once(child, "exit");
      removeLocks(dir);
      expect(git(dir, "fsck", "--strict", "--no-dangling")).toBe("");
      git(dir, "status", "--porcelain");
    }
    git(dir, "reset", "-q", "--hard");
    expect(git(dir, "status", "--porcelain", "--untracked-files=no")).toBe("");
  });

  it("tells of a lock that was left behind", async () => {
    const dir = await makeRepository(1);
    const lock = path.join(dir, ".git/index.lock");
    writeFileSync(lock, "");
    utimesSync(lock, 0, 0);
    const repo = openRepository(dir, { paths: [path.dirname(dir)] });
    await expect(commit(repo, { message: "x", allowEmpty: true })).rejects.toMatchObject({
      code: "CONFLICT",
      hint: expect.stringContaining(".git/index.lock"),
    });
  });
});
