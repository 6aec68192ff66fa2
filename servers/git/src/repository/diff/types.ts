import type { ByteString } from "../bytes/byte-string.js";
import type { ObjectId } from "../object-id.js";

/** One side of a change. */
export interface FileVersion {
  readonly path: ByteString;
  readonly mode: number;
  /** Undefined for a file of the worktree whose content has not been hashed. */
  readonly oid: ObjectId | undefined;
}

/** A path that differs; `status` as git prints it: added, copied, deleted, modified, renamed, type changed, unmerged. */
export interface FileChange {
  readonly status: "A" | "C" | "D" | "M" | "R" | "T" | "U";
  readonly before: FileVersion | undefined;
  readonly after: FileVersion | undefined;
  /** Percent, of renames and copies. */
  readonly similarity?: number;
}

/** Lines `before[beforeStart, beforeEnd)` became `after[afterStart, afterEnd)`; counted from 0. */
export interface LineChange {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
}
