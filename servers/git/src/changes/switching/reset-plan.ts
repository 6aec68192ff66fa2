import { SUBMODULE } from "../../repository/file-mode.js";
import { Pace } from "../../repository/pace.js";
import { type IndexDraft, newEntry } from "../index-edit/index-draft.js";
import { directoriesAbove } from "../worktree/byte-path.js";
import type { EntryStates } from "../worktree/entry-states.js";
import { isSameFile, type TrackedFile } from "../worktree/tracked-file.js";
import type { WorktreeWriter } from "../worktree/worktree-writer.js";
import type { SparseRule } from "./sparse-checkout.js";
import { emptyPlan, type WorktreePlan } from "./worktree-plan.js";

/**
 * Makes every tracked file what a tree says, whatever it is now: git's one-way merge of `reset --hard`. Files that are right already
 * keep their entries.
 */
export async function planReset(
  tree: ReadonlyMap<string, TrackedFile>,
  draft: IndexDraft,
  states: EntryStates,
  writer: WorktreeWriter,
  isOutsideSparse: SparseRule,
  signal?: AbortSignal,
): Promise<WorktreePlan> {
  const plan = emptyPlan();
  const pace = new Pace(signal);
  for (const entry of draft.under("")) {
    if (tree.has(entry.path)) continue;
    if (draft.at(entry.path).length > 0 && !entry.skipWorktree) plan.remove.push(entry);
    draft.remove(entry.path);
  }
  for (const file of tree.values()) {
    if (pace.due()) await pace.pause();
    const [entry] = draft.at(file.path);
    const isKept = entry?.stage === 0 && isSameFile(entry, file) && !entry.intentToAdd;
    const isLeftOut = entry ? entry.skipWorktree : isOutsideSparse(file.path);
    if (isLeftOut && !writer.lstat(file.path)) {
      if (!isKept) draft.put({ ...newEntry(file), skipWorktree: true });
    } else if (!isKept || states.of(entry) !== "same") plan.write.push(file);
  }
  findInTheWay(plan, writer);
  return plan;
}

/** Untracked files where directories have to be, and directories where files have to be. */
function findInTheWay(plan: WorktreePlan, writer: WorktreeWriter): void {
  const removed = new Set(plan.remove.map(({ path }) => path));
  const directories = new Set<string>();
  for (const { path, mode } of plan.write) {
    for (const above of directoriesAbove(path)) directories.add(above);
    if (mode !== SUBMODULE && writer.lstat(path)?.isDirectory()) plan.clear.push(path);
  }
  for (const directory of directories) {
    const stats = writer.lstat(directory);
    if (stats && !stats.isDirectory() && !removed.has(directory)) plan.clear.push(directory);
  }
}
