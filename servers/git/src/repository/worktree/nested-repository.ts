import { resolve } from "node:path";
import { type ByteString, bytesOf, textOf } from "../bytes/byte-string.js";
import type { ConfinedFiles } from "../confined/confined-files.js";
import { lstatOf } from "./directory-entries.js";

const LONGEST_GIT_FILE = 4096;
const GIT_FILE = /^gitdir: ([^\n\r]+)[\n\r]*$/;

/** Is this directory the worktree of a repository of its own? It is looked at no further than to tell. */
export function isNestedRepository(worktree: ConfinedFiles, path: ByteString): boolean {
  const gitPath = worktree.path(`${path}/.git`);
  const stats = lstatOf(gitPath);
  if (stats?.isDirectory()) return isGitDirectory(gitPath);
  if (!stats?.isFile() || stats.size > LONGEST_GIT_FILE) return false;
  const target = GIT_FILE.exec(worktree.read(`${path}/.git`)?.toString("latin1") ?? "")?.[1];
  return target !== undefined && isGitDirectory(bytesOf(resolve(textOf(worktree.path(path)), textOf(target))));
}

const exists = (path: ByteString): boolean => lstatOf(path) !== undefined;

/** That of a linked worktree keeps its objects and refs elsewhere. */
const isGitDirectory = (path: ByteString): boolean =>
  exists(`${path}/HEAD`) && (exists(`${path}/commondir`) || (exists(`${path}/objects`) && exists(`${path}/refs`)));
