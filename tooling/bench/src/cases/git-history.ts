import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const DIRECTORIES = 400;
const FILES_OF_EACH = 100;
const COMMITS = 10_000;
/** Commits between two that change the file whose history is asked for. */
const EVERY = 50;

/** Paths in the repository that {@link makeHistory} makes. */
export const HISTORY = {
  /** Changed by every fiftieth commit. */
  file: pathOf(7),
  /** More commits than changed it. */
  fileCommits: 2 * (COMMITS / EVERY),
  /** Changed in the worktree, and not staged. */
  edited: [1, 1001, 2001, 20_001, 39_999].map(pathOf),
};

/** Runs git without a setting of this machine's. @returns what it prints */
function git(folder: string, args: readonly string[], input?: string | Buffer): string {
  const env = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", HOME: folder };
  return execFileSync("git", args, { cwd: folder, env, input, encoding: "utf8", maxBuffer: 2 ** 28 });
}

/**
 * Makes a repository of 40,000 files and 10,000 commits, packed and checked out, with a few files changed since, and
 * gives its path back.
 */
export function makeHistory(folder: string): string {
  mkdirSync(folder);
  git(folder, ["init", "-q", "-b", "main"]);
  for (const [name, value] of [
    ["user.name", "Bench"],
    ["user.email", "bench@example.com"],
    ["gc.auto", "0"],
  ] as const) {
    git(folder, ["config", name, value]);
  }
  git(folder, ["fast-import", "--quiet"], history());
  git(folder, ["reset", "-q", "--hard"]);
  git(folder, ["repack", "-q", "-a", "-d"]);
  for (const path of HISTORY.edited) appendFileSync(join(folder, path), "changed since\n");
  return folder;
}

/** The same history without a worktree, and with a commit-graph that has Bloom filters of changed paths. */
export function makeGraph(original: string, folder: string): string {
  git(original, ["clone", "-q", "--no-checkout", "--no-hardlinks", original, folder]);
  git(folder, ["commit-graph", "write", "--reachable", "--changed-paths", "--no-progress"]);
  return folder;
}

function pathOf(file: number): string {
  const directory = Math.floor(file / FILES_OF_EACH);
  return `area-${directory % 20}/part-${directory}/file-${file % FILES_OF_EACH}.txt`;
}

/** A stream for `git fast-import`: all files at once, then a commit for each change. */
function history(): string {
  const files = Array.from({ length: DIRECTORIES * FILES_OF_EACH }, (_, file) => change(file, 0));
  const commits = [commit(0, files)];
  for (let count = 1; count <= COMMITS; count += 1) {
    const changes = [change((count * 7919) % (DIRECTORIES * FILES_OF_EACH), count)];
    if (count % EVERY === 0) changes.push(change(7, count));
    commits.push(commit(count, changes));
  }
  return commits.join("");
}

const commit = (count: number, changes: string[]): string =>
  `commit refs/heads/main\ncommitter Bench <bench@example.com> ${1_600_000_000 + count * 600} +0000\n` +
  `${data(`Change ${count}\n`)}${changes.join("")}\n`;

const change = (file: number, version: number): string =>
  `M 100644 inline ${pathOf(file)}\n${data(text(file, version))}`;

/** Forty lines, one of which tells the version. */
const text = (file: number, version: number): string =>
  Array.from(
    { length: 40 },
    (_, line) => `${line === version % 40 ? `version ${version}` : `line ${line}`} of ${file}\n`,
  ).join("");

const data = (content: string): string => `data ${Buffer.byteLength(content)}\n${content}\n`;
