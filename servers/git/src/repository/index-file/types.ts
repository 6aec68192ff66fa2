import type { ByteString } from "../bytes/byte-string.js";
import type { ObjectId } from "../object-id.js";

/** What `lstat` told of a file when it was last known to equal its entry. */
export interface IndexStat {
  readonly ctimeSeconds: number;
  readonly ctimeNanoseconds: number;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  readonly dev: number;
  readonly ino: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes, modulo 2³². */
  readonly size: number;
}

export interface IndexEntry {
  readonly path: ByteString;
  readonly mode: number;
  readonly oid: ObjectId;
  /** 0; of a conflict 1 base, 2 ours, 3 theirs. */
  readonly stage: number;
  readonly stat: IndexStat;
  readonly assumeValid: boolean;
  readonly skipWorktree: boolean;
  readonly intentToAdd: boolean;
}

/** A tree that the entries under a path are known to make. */
export interface CachedTree {
  readonly oid: ObjectId | undefined;
  readonly entryCount: number;
  readonly children: ReadonlyMap<ByteString, CachedTree>;
}

/** `.git/index` as it was read. */
export interface IndexFile {
  readonly version: 2 | 3 | 4;
  /** By path in byte order, then by stage. */
  readonly entries: readonly IndexEntry[];
  readonly cacheTree: CachedTree | undefined;
  /** When the file was written (nanoseconds): an entry as young as that may have changed unnoticed. */
  readonly writtenAt: bigint;
}
