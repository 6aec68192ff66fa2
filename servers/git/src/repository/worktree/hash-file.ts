import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../bytes/byte-string.js";
import type { ConfinedFiles } from "../confined/confined-files.js";
import { FILE, LINK, PROGRAM } from "../file-mode.js";
import { entryAt } from "../index-file/find-entry.js";
import type { ObjectId } from "../object-id.js";
import type { Repository } from "../repository.js";
import { lstatOf } from "./directory-entries.js";
import { toRepository } from "./line-endings.js";

/** Bytes of a file: what Node reads at once. */
const LARGEST = 2 ** 30;

/** A file of the worktree as git would store it. */
export interface WorktreeFile {
  readonly mode: number;
  /** Of a link, where it leads. */
  readonly content: Buffer;
  readonly oid: ObjectId;
}

/** The id that git gives to a blob. */
const hashBlob = (content: Uint8Array): ObjectId =>
  createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");

/**
 * Reads a file or link of the worktree; undefined where there is none, or a directory.
 * @throws ToolError OUTSIDE_ROOT where the path leads through a link, UNSUPPORTED for pipes and devices and where a filter would
 * have to run, TOO_LARGE, INVALID_ARGUMENT in a bare repository
 */
export function hashFile(repo: Repository, path: ByteString): WorktreeFile | undefined {
  const worktree = worktreeOf(repo);
  const stats = lstatOf(worktree.path(path));
  if (stats === undefined || stats.isDirectory()) return undefined;
  const content = stats.isSymbolicLink() ? linkTarget(worktree, path) : fileContent(repo, worktree, path);
  return content && { mode: modeOf(repo, path, stats), content, oid: hashBlob(content) };
}

/**
 * The mode that git would give to a file or link. Where the file system knows no executable files or no links (`core.fileMode`,
 * `core.symlinks`), the index tells.
 */
export function modeOf(repo: Repository, path: ByteString, stats: Stats): number {
  if (stats.isSymbolicLink()) return LINK;
  const tracked = () => entryAt(repo.index().entries, path)?.mode;
  if (repo.config.flag("core.symlinks") === false && tracked() === LINK) return LINK;
  if (repo.config.flag("core.filemode") === false) return tracked() === PROGRAM ? PROGRAM : FILE;
  return stats.mode & 0o100 ? PROGRAM : FILE;
}

/** @throws ToolError INVALID_ARGUMENT in a bare repository */
export function worktreeOf(repo: Repository): ConfinedFiles {
  const { worktree } = repo.layout;
  if (worktree) return worktree;
  throw new ToolError("INVALID_ARGUMENT", "The repository is bare: it has no worktree");
}

function linkTarget(worktree: ConfinedFiles, path: ByteString): Buffer | undefined {
  const target = worktree.readLink(path);
  return target === undefined ? undefined : Buffer.from(target, "latin1");
}

function fileContent(repo: Repository, worktree: ConfinedFiles, path: ByteString): Buffer | undefined {
  const content = worktree.read(path, LARGEST);
  if (content === undefined) return undefined;
  // A link that this file system cannot hold stands in a file as it is.
  const isLink = repo.config.flag("core.symlinks") === false && entryAt(repo.index().entries, path)?.mode === LINK;
  return isLink ? content : toRepository(repo, path, content);
}
