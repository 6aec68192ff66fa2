import { cpSync, existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { git, gitBytes, tempDir } from "@mcp-reference/testing";
import { expect } from "vitest";
import { openRepository } from "../../src/repository/open-repository.js";
import type { Repository } from "../../src/repository/repository.js";

/** When git commits in tests: see git-cli.ts. */
export const MOMENT = { seconds: 1_700_000_000, zone: "+0200" };

// What the user of this machine has configured is none of the tests' business.
process.env.GIT_CONFIG_GLOBAL = "/dev/null";

/** Two equal repositories: one that git changes, one that we change. */
export interface Twins {
  readonly theirs: string;
  readonly ours: string;
  readonly repo: Repository;
  /** Runs git in its repository, whether it succeeds or not. */
  git(...args: string[]): { ok: boolean; output: string };
  /** Compares all there is to see, and has git check ours. */
  expectEqual(): void;
}

/** @param build makes the repository: runs git in a fresh one, whose directory it is given */
export async function twins(build: (dir: string, run: (...args: string[]) => string) => void): Promise<Twins> {
  const home = await tempDir();
  const theirs = path.join(home, "theirs");
  const ours = path.join(home, "ours");
  git(home, "init", "-q", "theirs");
  git(theirs, "config", "user.name", "C O Mitter");
  git(theirs, "config", "user.email", "committer@example.com");
  build(theirs, (...args) => git(theirs, ...args));
  cpSync(theirs, ours, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  // Copied files have other inodes: git would have to look at each of them first.
  if (existsSync(path.join(ours, ".git/index"))) run(ours, ["update-index", "-q", "--refresh"]);
  const repo = openRepository(ours, { paths: [home] });
  return {
    theirs,
    ours,
    repo,
    git: (...args) => run(theirs, args),
    expectEqual() {
      expect(stateOf(ours)).toEqual(stateOf(theirs));
      expect(git(ours, "fsck", "--strict", "--no-dangling")).toBe("");
    },
  };
}

function run(dir: string, args: readonly string[]): { ok: boolean; output: string } {
  try {
    return { ok: true, output: gitBytes(dir, args).toString() };
  } catch (error) {
    const stderr = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    return { ok: false, output: stderr };
  }
}

/** Index, status, refs, reflogs and files. */
export function stateOf(dir: string): Record<string, unknown> {
  const index = git(dir, "ls-files", "--stage", "-t");
  const status = git(dir, "status", "--porcelain", "--branch", "--untracked-files=all");
  const refs = git(dir, "for-each-ref", "--format=%(refname) %(objectname) %(symref)").split("\n");
  const kept = refs.filter((ref) => !ref.startsWith("refs/mcp-undo/"));
  return { index, status, refs: kept, logs: reflogsOf(dir), files: filesOf(dir) };
}

/** Every line without who and when. */
function reflogsOf(dir: string): Record<string, string> {
  const logs = path.join(dir, ".git/logs");
  if (!existsSync(logs)) return {};
  const files = readdirSync(logs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return [path.relative(logs, file), readFileSync(file, "utf8").replace(/^(\S+ \S+) .*\t/gm, "$1 ")];
    }),
  );
}

/** Files with their kinds, modes and bytes. */
export function filesOf(dir: string, at = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(path.join(dir, at)).sort()) {
    if (name === ".git") continue;
    const file = path.join(at, name);
    const stats = lstatSync(path.join(dir, file));
    if (stats.isSymbolicLink()) found[file] = `link ${readlinkSync(path.join(dir, file))}`;
    else if (stats.isDirectory()) Object.assign(found, { [`${file}/`]: "directory" }, filesOf(dir, file));
    else found[file] = `${stats.mode & 0o100 ? "x" : "-"} ${readFileSync(path.join(dir, file), "latin1")}`;
  }
  return found;
}
