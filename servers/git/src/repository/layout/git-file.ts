import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, fsPath, textOf } from "../bytes/byte-string.js";
import { ConfinedFiles } from "../confined/confined-files.js";
import { joined, requireInside } from "./inside.js";

/** Bytes of a `.git`, `commondir` or `gitdir` file: one path. */
const LONGEST_PATH_FILE = 16 * 1024;

/**
 * Where the git directory of a worktree is: `.git` itself, or where the file `.git` says.
 * @returns resolved path, undefined where there is no `.git`
 * @throws ToolError OUTSIDE_ROOT, NOT_FOUND; UPSTREAM for a `.git` file that says nothing
 */
export function gitDirectoryIn(directory: ByteString, roots: readonly ByteString[]): ByteString | undefined {
  const path = directory === "/" ? "/.git" : `${directory}/.git`;
  const stats = lstatSync(fsPath(path), { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (!stats.isFile()) return requireInside(path, roots, "git directory");
  const text = new ConfinedFiles(directory).read(".git", LONGEST_PATH_FILE)?.toString("latin1") ?? "";
  const target = /^gitdir: (.+?)[\r\n]*$/s.exec(text)?.[1];
  if (target === undefined || target.includes("\0")) {
    throw new ToolError("UPSTREAM", `${textOf(path)} does not say where the git directory is`);
  }
  return requireInside(joined(directory, target), roots, "git directory");
}

/** The directory shared by all worktrees: where the file `commondir` says, else the git directory itself. @throws ToolError OUTSIDE_ROOT */
export function commonDirectoryOf(gitDir: ConfinedFiles, roots: readonly ByteString[]): ByteString {
  const path = pathIn(gitDir, "commondir");
  return path === undefined ? gitDir.root : requireInside(joined(gitDir.root, path), roots, "common directory");
}

/** Where a linked worktree's own git directory says that its files are. */
export function linkedWorktreeOf(gitDir: ConfinedFiles): ByteString | undefined {
  const path = pathIn(gitDir, "gitdir");
  return path === undefined ? undefined : dirname(joined(gitDir.root, path));
}

function pathIn(gitDir: ConfinedFiles, name: string): ByteString | undefined {
  const text = gitDir
    .read(name, LONGEST_PATH_FILE)
    ?.toString("latin1")
    .replace(/[\r\n]+$/, "");
  return text === undefined || text === "" || text.includes("\0") ? undefined : text;
}
