import { ToolError } from "@mcp-reference/validation";
import { IndexDraft } from "../changes/index-edit/index-draft.js";
import { snapshotChanges } from "../changes/snapshot.js";
import { flatTree } from "../changes/switching/flat-tree.js";
import { carryOut, emptyPlan, type WorktreePlan } from "../changes/switching/worktree-plan.js";
import { keepForUndo } from "../changes/undo-ref.js";
import { EntryStates } from "../changes/worktree/entry-states.js";
import { listed } from "../changes/worktree/listed.js";
import type { TrackedFile } from "../changes/worktree/tracked-file.js";
import { WorktreeWriter } from "../changes/worktree/worktree-writer.js";
import type { ByteString } from "../repository/bytes/byte-string.js";
import type { IndexLock } from "../repository/index-file/index-lock.js";
import type { ObjectId } from "../repository/object-id.js";
import type { Repository } from "../repository/repository.js";

export interface ResetMergeOptions {
  /** What is given up, such as `merge-abort`: becomes part of the name of the ref that keeps it. */
  readonly what: string;
  /** Runs when the worktree is done and before the index is. */
  readonly record: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes back a merge, as `git reset --merge`: what is unmerged or staged becomes what the tree says; changes that were made beside it,
 * in other files, stay. The lock is spent.
 *
 * @returns the ref that keeps what index and worktree held
 * @throws ToolError CONFLICT, naming paths, where a merged file was edited without staging it: that work would be lost
 */
export async function resetMerge(
  repo: Repository,
  lock: IndexLock,
  tree: ObjectId,
  { what, record, signal }: ResetMergeOptions,
): Promise<ByteString | undefined> {
  const draft = new IndexDraft(lock.index.entries);
  const writer = new WorktreeWriter(repo);
  const states = new EntryStates(repo, lock.index, writer);
  try {
    const plan = planReset(await flatTree(repo.objects, tree, signal), lock, draft, states, writer);
    const kept = await snapshotChanges(repo, { index: lock.index, states, message: what, signal });
    const undoRef = kept && keepForUndo(repo, what, kept);
    await carryOut(plan, repo, writer, draft, signal);
    record();
    lock.write(draft.entries(), { isModified: (entry) => states.of(entry) !== "same" });
    return undoRef;
  } finally {
    writer.close();
  }
}

function planReset(
  tree: Map<ByteString, TrackedFile>,
  lock: IndexLock,
  draft: IndexDraft,
  states: EntryStates,
  writer: WorktreeWriter,
): WorktreePlan {
  const plan = emptyPlan();
  const edited: ByteString[] = [];
  const settled = new Set<ByteString>();
  const restored = new Set<ByteString>();
  for (const entry of lock.index.entries) {
    const file = tree.get(entry.path);
    if (entry.stage === 0 && file?.oid === entry.oid && file.mode === entry.mode) {
      settled.add(entry.path);
      continue;
    }
    if (entry.stage === 0 && !entry.skipWorktree && states.of(entry) === "modified") edited.push(entry.path);
    if (restored.has(entry.path)) continue;
    restored.add(entry.path);
    draft.remove(entry.path);
    if (file === undefined && writer.lstat(entry.path)?.isDirectory() !== true) plan.remove.push(entry);
  }
  if (edited.length > 0) {
    throw new ToolError("CONFLICT", `Edits that are not staged would be lost: ${listed(edited)}`, {
      hint: "Stage or restore these files, then abort again",
    });
  }
  for (const file of tree.values()) if (!settled.has(file.path)) plan.write.push(file);
  return plan;
}
