import { closeSync, constants, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { textOf } from "../bytes/byte-string.js";
import type { HeldDirectory } from "../confined/held-directory.js";
import type { Layout } from "../layout/types.js";
import { changedPaths, invalidated } from "./cache-tree.js";
import { damagedIndex } from "./damaged-index.js";
import { formatIndex } from "./format-index.js";
import { readIndex } from "./read-index.js";
import { isRacy } from "./stat-of.js";
import type { CachedTree, IndexEntry, IndexFile, IndexStat } from "./types.js";

export interface IndexWriteOptions {
  /** The trees that the entries make; otherwise those of the old index are kept where nothing changed. */
  readonly cacheTree?: CachedTree;
  /** 2, 3 or 4; the old index's unless given. */
  readonly version?: 2 | 3 | 4;
  /**
   * Does the file of an entry that was taken over differ from it? Asked for entries that the old index could not vouch for;
   * unless given, they are all marked so that the next reader compares their content.
   */
  readonly isModified?: (entry: IndexEntry) => boolean;
}

/** The right to replace the index: `index.lock`, which git and other servers honour too. */
export class IndexLock {
  /** The index as it was when the lock was taken: nobody changes it meanwhile. */
  readonly index: IndexFile;
  readonly #directory: HeldDirectory;
  #fd: number | undefined;

  private constructor(index: IndexFile, directory: HeldDirectory, fd: number) {
    this.index = index;
    this.#directory = directory;
    this.#fd = fd;
  }

  /** @throws ToolError CONFLICT when someone else holds it; PERMISSION_DENIED; what {@link readIndex} throws */
  static take(layout: Layout): IndexLock {
    const directory = layout.gitDir.directory("");
    let fd: number | undefined;
    try {
      fd = openSync(directory.at("index.lock"), constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o666);
      return new IndexLock(readIndex(layout), directory, fd);
    } catch (error) {
      if (fd !== undefined) {
        closeSync(fd);
        unlinkSync(directory.at("index.lock"));
      }
      directory.close();
      throw refusal(error, layout);
    }
  }

  /**
   * Replaces the index, whole or not at all, and gives the lock back. What git would have to find out again (untracked files,
   * resolved conflicts) is left out.
   * @param entries by path in byte order, then by stage
   */
  write(entries: readonly IndexEntry[], options: IndexWriteOptions = {}): void {
    if (this.#fd === undefined) throw new Error("The lock of the index was given back already");
    const { index } = this;
    const cacheTree =
      options.cacheTree ?? (index.cacheTree && invalidated(index.cacheTree, changedPaths(index.entries, entries)));
    const bytes = formatIndex(options.version ?? index.version, this.#smudged(entries, options), cacheTree);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
    fsyncSync(this.#fd);
    closeSync(this.#fd);
    this.#fd = undefined;
    try {
      renameSync(this.#directory.at("index.lock"), this.#directory.at("index"));
    } catch (error) {
      unlinkSync(this.#directory.at("index.lock"));
      throw errnoOf(error) === "EISDIR" ? damagedIndex("is a directory") : error;
    } finally {
      this.#directory.close();
    }
  }

  /** Gives the lock back without changing the index; does nothing after {@link write}. */
  release(): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
    unlinkSync(this.#directory.at("index.lock"));
    this.#directory.close();
  }

  /**
   * The old index's age told which entries cannot be trusted; the new one is younger, so they are marked: a size of 0 differs
   * from that of the file, which is then compared. That is how git does it.
   */
  #smudged(entries: readonly IndexEntry[], { isModified }: IndexWriteOptions): readonly IndexEntry[] {
    const { writtenAt } = this.index;
    const untrusted = new Set<IndexStat>();
    for (const { stat } of this.index.entries) if (isRacy(stat, writtenAt)) untrusted.add(stat);
    if (untrusted.size === 0) return entries;
    return entries.map((entry) =>
      untrusted.has(entry.stat) && (isModified?.(entry) ?? true)
        ? { ...entry, stat: { ...entry.stat, size: 0 } }
        : entry,
    );
  }
}

function refusal(error: unknown, layout: Layout): unknown {
  const code = errnoOf(error);
  if (code === "EEXIST") {
    return new ToolError("CONFLICT", "Another process is changing the index (index.lock exists)", {
      hint: `Try again when it has ended; where none is running, remove ${textOf(layout.gitDir.path("index.lock"))}`,
      retryAfterMs: 1000,
    });
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new ToolError("PERMISSION_DENIED", "The index may not be changed: its directory cannot be written to");
  }
  return error;
}
