import { ToolError } from "@mcp-reference/validation";
import type { IndexLock } from "../repository/index-file/index-lock.js";
import type { IndexEntry } from "../repository/index-file/types.js";
import type { ObjectId } from "../repository/object-id.js";
import type { Repository } from "../repository/repository.js";

export interface SwitchOptions {
  /** Replaces local changes and untracked files in the way too, as `git reset --hard` does. */
  readonly force?: boolean;
  /** Last word on the entries before the index is written, such as putting the stages of conflicts in place. */
  readonly adjust?: (entries: readonly IndexEntry[]) => readonly IndexEntry[];
  /** What is going on, for messages: "checkout" (default), "merge" … */
  readonly operation?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface SwitchResult {
  /** Files written or removed in the worktree. */
  readonly written: number;
  readonly removed: number;
}

/**
 * Brings worktree and index from one tree to another, as `git read-tree -m -u FROM TO`: local changes to paths in which the trees
 * agree are kept. Everything is checked first; then files are written, then the index, and the lock is spent.
 *
 * @param from tree of what is checked out now; undefined for none (unborn branch)
 * @throws ToolError CONFLICT, naming paths, when local changes or untracked files would be lost; nothing has changed then.
 */
export async function switchTree(
  _repo: Repository,
  _lock: IndexLock,
  _from: ObjectId | undefined,
  _to: ObjectId,
  _options: SwitchOptions = {},
): Promise<SwitchResult> {
  throw new ToolError("UNSUPPORTED", "switching trees is not there yet");
}
