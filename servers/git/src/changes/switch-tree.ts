import type { IndexLock } from "../repository/index-file/index-lock.js";
import type { IndexEntry } from "../repository/index-file/types.js";
import type { ObjectId } from "../repository/object-id.js";
import type { Repository } from "../repository/repository.js";
import { toWorktree } from "../repository/worktree/line-endings.js";
import { IndexDraft } from "./index-edit/index-draft.js";
import { flatTree } from "./switching/flat-tree.js";
import { refuseFoldedNames } from "./switching/folded-names.js";
import { planGently } from "./switching/gentle-plan.js";
import { planReset } from "./switching/reset-plan.js";
import { sparseRule } from "./switching/sparse-checkout.js";
import { carryOut, type WorktreePlan } from "./switching/worktree-plan.js";
import { directoriesAbove } from "./worktree/byte-path.js";
import { EntryStates } from "./worktree/entry-states.js";
import { isFile } from "./worktree/tracked-file.js";
import { WorktreeWriter } from "./worktree/worktree-writer.js";

export interface SwitchOptions {
  /** Replaces local changes and untracked files in the way too, as `git reset --hard` does. */
  readonly force?: boolean;
  /**
   * Moves refs or says what is under way. It runs when the worktree is done and before the index is, so that whoever waits for
   * the index finds all three agree.
   */
  readonly record?: () => void;
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
 * agree are kept. Everything is checked first; then files are written, then what `record` does, then the index, and the lock is spent.
 *
 * @param from tree of what is checked out now; undefined for none (unborn branch)
 * @throws ToolError CONFLICT, naming paths, when local changes or untracked files would be lost; nothing has changed then.
 */
export async function switchTree(
  repo: Repository,
  lock: IndexLock,
  from: ObjectId | undefined,
  to: ObjectId,
  options: SwitchOptions = {},
): Promise<SwitchResult> {
  const { force = false, operation = "checkout", signal } = options;
  const { index } = lock;
  const draft = new IndexDraft(index.entries);
  const writer = new WorktreeWriter(repo);
  const states = new EntryStates(repo, index, writer);
  try {
    const plan = force
      ? await planReset(await flatTree(repo.objects, to, signal), draft, states, writer, sparseRule(repo), signal)
      : await planGently(repo, draft, writer, states, { index, from, to, operation, signal });
    refuseFoldedNames(repo, plan, draft);
    refuseFilters(repo, plan, writer);
    await carryOut(plan, repo, writer, draft, signal);
    const entries = draft.entries();
    options.record?.();
    lock.write(options.adjust?.(entries) ?? entries, { isModified: (entry) => states.of(entry) !== "same" });
    return { written: plan.write.length, removed: plan.remove.length };
  } finally {
    writer.close();
  }
}

/** A file that only a filter can write had better be found before the first one is written. @throws ToolError UNSUPPORTED */
function refuseFilters(repo: Repository, { write }: WorktreePlan, writer: WorktreeWriter): void {
  const nothing = Buffer.alloc(0);
  for (const { path, mode } of write) {
    const isBelowFile = [...directoriesAbove(path)].some((above) => writer.lstat(above)?.isDirectory() === false);
    if (isFile(mode) && !isBelowFile) toWorktree(repo, path, nothing);
  }
}
