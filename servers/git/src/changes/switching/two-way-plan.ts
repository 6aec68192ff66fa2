import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { FileChange, FileVersion } from "../../repository/diff/types.js";
import type { IndexEntry } from "../../repository/index-file/types.js";
import { Pace } from "../../repository/pace.js";
import { type IndexDraft, newEntry } from "../index-edit/index-draft.js";
import type { EntryStates } from "../worktree/entry-states.js";
import { isSameFile, type TrackedFile } from "../worktree/tracked-file.js";
import type { SparseRule } from "./sparse-checkout.js";
import { emptyPlan, type WorktreePlan } from "./worktree-plan.js";

export interface TwoWayPlan extends WorktreePlan {
  /** Files that must not be there yet, so that what is there is untracked. */
  readonly appearing: TrackedFile[];
  /** Files that the index lost earlier and the new tree does not have: what is there is untracked, and would seem forgotten. */
  readonly vanishing: TrackedFile[];
  /** Tracked paths whose local changes would be lost. */
  readonly changed: ByteString[];
}

/**
 * What a path's entry, and its file, become when the path changes from one tree to another: git's two-way merge. The paths in which
 * the trees agree keep whatever they have. Entries that need no file are put into the draft.
 */
export async function planTwoWay(
  changes: readonly FileChange[],
  draft: IndexDraft,
  states: EntryStates,
  isOutsideSparse: SparseRule,
  signal?: AbortSignal,
): Promise<TwoWayPlan> {
  const plan: TwoWayPlan = { ...emptyPlan(), appearing: [], vanishing: [], changed: [] };
  const pace = new Pace(signal);
  for (const { before, after } of changes) {
    if (pace.due()) await pace.pause();
    const path = (after ?? before)?.path ?? "";
    planPath(plan, draft, states, isOutsideSparse, {
      entry: draft.at(path)[0],
      from: tracked(before),
      to: tracked(after),
    });
  }
  return plan;
}

interface Versions {
  readonly entry: IndexEntry | undefined;
  readonly from: TrackedFile | undefined;
  readonly to: TrackedFile | undefined;
}

function planPath(
  plan: TwoWayPlan,
  draft: IndexDraft,
  states: EntryStates,
  isOutsideSparse: SparseRule,
  { entry, from, to }: Versions,
): void {
  if (!entry) {
    if (to && from) plan.changed.push(to.path);
    else if (to && isOutsideSparse(to.path)) draft.put({ ...newEntry(to), skipWorktree: true });
    else if (to) {
      plan.write.push(to);
      plan.appearing.push(to);
    } else if (from) plan.vanishing.push(from);
    return;
  }
  if (to && isSameFile(entry, to) && !entry.intentToAdd) return;
  if (!from || !isSameFile(entry, from) || entry.intentToAdd) {
    plan.changed.push(entry.path);
    return;
  }
  replaceEntry(plan, draft, states, entry, to);
}

/** The entry is what the old tree has: only a changed file can speak against the new one. */
function replaceEntry(
  plan: TwoWayPlan,
  draft: IndexDraft,
  states: EntryStates,
  entry: IndexEntry,
  to: TrackedFile | undefined,
): void {
  const state = states.of(entry);
  if (entry.skipWorktree && state === "missing") {
    if (to) draft.put({ ...newEntry(to), skipWorktree: true });
    else draft.remove(entry.path);
    return;
  }
  if (state === "modified" || (state === "missing" && states.isBlocked(entry.path))) {
    plan.changed.push(entry.path);
    return;
  }
  if (to) {
    plan.write.push(to);
    if (state === "missing") plan.appearing.push(to);
  } else {
    draft.remove(entry.path);
    plan.remove.push(entry);
  }
}

const tracked = (version: FileVersion | undefined): TrackedFile | undefined =>
  version?.oid === undefined ? undefined : { path: version.path, mode: version.mode, oid: version.oid };
