import { cpSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { git, gitBytes, tempDir } from "@mcp-reference/testing";
import { openRepository } from "../src/repository/open-repository.js";
import type { Repository } from "../src/repository/repository.js";

/** Two copies of one repository: git works in one, we in the other. */
export interface Twins {
  readonly theirs: string;
  readonly ours: string;
  readonly repo: Repository;
}

const SAME_PERSON = { GIT_AUTHOR_NAME: "C O Mitter", GIT_AUTHOR_EMAIL: "committer@example.com" };
const WHO = [
  "user.name=C O Mitter",
  "user.email=committer@example.com",
  "merge.directoryRenames=false",
  "init.defaultBranch=main",
];

/** @param stream for `git fast-import`; `refs/heads/main` is then checked out */
export async function twins(stream: string): Promise<Twins> {
  const dir = await tempDir();
  const [theirs, ours] = [join(dir, "theirs"), join(dir, "ours")];
  gitBytes(dir, ["init", "-q", theirs]);
  for (const setting of WHO) git(theirs, "config", ...setting.split(/=(.*)/s).slice(0, 2));
  gitBytes(theirs, ["fast-import", "--quiet"], { input: stream });
  git(theirs, "reset", "--hard", "-q");
  cpSync(theirs, ours, { recursive: true, verbatimSymlinks: true });
  git(ours, "update-index", "-q", "--refresh");
  return { theirs, ours, repo: openRepository(ours, { paths: [ours] }) };
}

/** Runs git in its twin. @returns whether it succeeded */
export function byGit({ theirs }: Twins, ...args: string[]): boolean {
  try {
    gitBytes(theirs, args, { env: { GIT_EDITOR: "true", ...SAME_PERSON } });
    return true;
  } catch {
    return false;
  }
}

const STATE = [
  "MERGE_HEAD",
  "MERGE_MSG",
  "MERGE_MODE",
  "SQUASH_MSG",
  "CHERRY_PICK_HEAD",
  "REVERT_HEAD",
  "REBASE_HEAD",
  "ORIG_HEAD",
  "sequencer/todo",
  "sequencer/opts",
  "rebase-merge/head-name",
  "rebase-merge/author-script",
  "rebase-merge/message",
  "rebase-merge/msgnum",
  "rebase-merge/end",
  "rebase-merge/patch",
];

/** Dates differ, and with them the ids of new commits: what is compared is all the rest. */
export function snapshot(dir: string): Record<string, unknown> {
  const state = ["HEAD", ...STATE].flatMap((path) => {
    try {
      return [[path, readFileSync(join(dir, ".git", path), "latin1")] as const];
    } catch {
      return [];
    }
  });
  const treeOf = treesOf(dir, state.map(([, content]) => content).join("\n"));
  return {
    stages: git(dir, "ls-files", "--stage"),
    status: git(dir, "status", "--porcelain", "-uall"),
    log: git(dir, "log", "--graph", "--format=%T %an %ae %ad|%cn|%B--", "HEAD").replace(NOW, "now"),
    reflog: git(dir, "log", "-g", "--format=%gs %T", "HEAD"),
    files: filesOf(dir, ""),
    state: Object.fromEntries(state.map(([path, content]) => [path, content.replace(ID, treeOf)])),
  };
}

const NOW = /(?<=committer@example.com ).*?(?=\|)/g;
const ID = /\b[0-9a-f]{7,40}\b/g;

/** Names commits by their trees; other ids stay as they are. */
function treesOf(dir: string, text: string): (id: string) => string {
  const ids = [...new Set(text.match(ID) ?? [])];
  if (ids.length === 0) return (id) => id;
  const input = ids.map((id) => `${id}^{tree}\n`).join("");
  const answers = gitBytes(dir, ["cat-file", "--batch-check=%(objectname)"], { input }).toString().split("\n");
  const trees = new Map(ids.map((id, n) => [id, answers[n] ?? id]));
  return (id) => (/^[0-9a-f]{40}$/.test(trees.get(id) ?? "") ? (trees.get(id) ?? id) : id);
}

function filesOf(dir: string, folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(join(dir, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (path === ".git") continue;
    if (entry.isDirectory()) Object.assign(files, filesOf(dir, path));
    else
      files[path] = entry.isSymbolicLink()
        ? `-> ${readlinkSync(join(dir, path))}`
        : readFileSync(join(dir, path), "latin1");
  }
  return files;
}

export type FileTree = Readonly<Record<string, string>>;

/** One commit of a fast-import stream, on a branch, with all its files. */
export function commitOf(
  mark: number,
  branch: string,
  parents: readonly number[],
  files: FileTree,
  message = `commit ${mark}\n\nWhy ${mark}.\n`,
): string {
  const who = `A U Thor <author@example.com> ${1_600_000_000 + mark * 60} +0200`;
  return (
    `commit refs/heads/${branch}\nmark :${mark}\nauthor ${who}\ncommitter ${who}\ndata ${Buffer.byteLength(message)}\n${message}\n` +
    parents.map((parent, n) => `${n === 0 ? "from" : "merge"} :${parent}\n`).join("") +
    "deleteall\n" +
    Object.entries(files)
      .map(([path, content]) => `M 100644 inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`)
      .join("")
  );
}

/** `refs/heads/<branch>` stands at the commit with this mark. */
export const branchAt = (branch: string, mark: number): string => `reset refs/heads/${branch}\nfrom :${mark}\n\n`;

export const lines = (...texts: readonly string[]): string => texts.map((text) => `${text}\n`).join("");
