import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../bytes/byte-string.js";
import { FILE, isSameType, LINK, PROGRAM, SUBMODULE } from "../file-mode.js";
import type { FileStat } from "../index-file/file-stat.js";
import { isUntouched, sameStat } from "../index-file/stat-of.js";
import type { IndexEntry } from "../index-file/types.js";
import type { Repository } from "../repository.js";
import { hashFile } from "./hash-file.js";
import { isNestedRepository } from "./nested-repository.js";
import { isVerified, rememberVerified } from "./verified-files.js";

/** How a tracked file of the worktree differs from its entry. */
export interface WorktreeChange {
  readonly entry: IndexEntry;
  /** `A`: only intended to be added. */
  readonly status: "A" | "D" | "M" | "T";
  /** 0 where the file is missing. */
  readonly mode: number;
}

/** Errors of content that cannot be compared: filters, encodings, sizes, links that came in between. */
const UNCOMPARABLE: readonly string[] = ["UNSUPPORTED", "UPSTREAM", "TOO_LARGE", "OUTSIDE_ROOT"];

/** The stage that git compares with what is checked out. */
const OURS = 2;
const SIZE_MODULUS = 2 ** 32;

/** Tells of one entry after the other whether its file still is what it was. */
export class TrackedChanges {
  readonly changes: WorktreeChange[] = [];
  /** Entries of submodules, whose own repositories tell more. */
  readonly submodules: IndexEntry[] = [];
  /** Of paths in conflict: 0 where there is no file. */
  readonly conflictModes = new Map<ByteString, number>();
  readonly unverified: ByteString[] = [];
  readonly #repo: Repository;
  readonly #writtenAt: bigint;
  readonly #fileMode: boolean;
  readonly #symlinks: boolean;
  readonly #isSparse: boolean;

  constructor(repo: Repository) {
    this.#repo = repo;
    this.#writtenAt = repo.index().writtenAt;
    this.#fileMode = repo.config.flag("core.filemode") ?? true;
    this.#symlinks = repo.config.flag("core.symlinks") ?? true;
    this.#isSparse = repo.config.flag("core.sparsecheckout") ?? false;
  }

  /** @param stats undefined where there is no such file */
  add(entry: IndexEntry, stats: FileStat | undefined): void {
    if (entry.stage !== 0) this.#addConflict(entry, stats);
    else if (entry.assumeValid || (entry.skipWorktree && !(this.#isSparse && stats))) return;
    else if (stats?.isDirectory()) this.#addDirectory(entry);
    else if (stats === undefined) this.changes.push({ entry, status: "D", mode: 0 });
    else this.#addFile(entry, stats);
  }

  /** The lowest stage is the one that git compares with the file. */
  #addConflict(entry: IndexEntry, stats: FileStat | undefined): void {
    const isSubmodule = stats?.isDirectory() === true && this.#isSubmodule(entry);
    if (isSubmodule && entry.stage === OURS) this.submodules.push(entry);
    if (this.conflictModes.has(entry.path)) return;
    const isGone = stats === undefined || (stats.isDirectory() && !isSubmodule);
    this.conflictModes.set(entry.path, isGone ? 0 : this.#modeOf(entry, stats));
  }

  #addFile(entry: IndexEntry, stats: FileStat): void {
    const mode = this.#modeOf(entry, stats);
    if (entry.intentToAdd) this.changes.push({ entry, status: "A", mode });
    else if (!isSameType(entry.mode, mode)) this.changes.push({ entry, status: "T", mode });
    else if (mode !== entry.mode || this.#isModified(entry, stats)) this.changes.push({ entry, status: "M", mode });
  }

  /** A directory where a file was: the file is gone, unless a repository took its place. */
  #addDirectory(entry: IndexEntry): void {
    if (this.#isSubmodule(entry)) this.submodules.push(entry);
    else this.changes.push({ entry, status: "D", mode: 0 });
  }

  #isSubmodule({ mode, path }: IndexEntry): boolean {
    const { worktree } = this.#repo.layout;
    return mode === SUBMODULE || (worktree !== undefined && isNestedRepository(worktree, path));
  }

  #isModified(entry: IndexEntry, stats: FileStat): boolean {
    if (isUntouched(entry, stats, this.#writtenAt)) return false;
    if (isVerified(this.#repo, entry.path, entry.oid, stats)) return false;
    // As git: another size means another content, even where conversion would make it the same.
    if (entry.stat.size !== 0 && entry.stat.size !== stats.size % SIZE_MODULUS) return true;
    return this.#differs(entry, stats);
  }

  #differs(entry: IndexEntry, stats: FileStat): boolean {
    try {
      if (hashFile(this.#repo, entry.path)?.oid !== entry.oid) return true;
      rememberVerified(this.#repo, entry.path, entry.oid, stats);
      return false;
    } catch (error) {
      if (!(error instanceof ToolError && UNCOMPARABLE.includes(error.code))) throw error;
      // One that is merely as young as the index is taken for unchanged: after a clone all files that have a filter are.
      if (entry.stat.size !== 0 && sameStat(entry.stat, stats)) return false;
      this.unverified.push(entry.path);
      return true;
    }
  }

  /** What the file system cannot tell, the entry does. */
  #modeOf(entry: IndexEntry, stats: FileStat): number {
    if (stats.isSymbolicLink()) return LINK;
    if (stats.isDirectory()) return SUBMODULE;
    if (!this.#symlinks && entry.mode === LINK) return LINK;
    if (!this.#fileMode) return isSameType(entry.mode, FILE) ? entry.mode : FILE;
    return stats.mode & 0o100 ? PROGRAM : FILE;
  }
}
