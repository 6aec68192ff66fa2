import { newEntry } from "../changes/index-edit/index-draft.js";
import { type SwitchOptions, switchTree } from "../changes/switch-tree.js";
import type { ByteString } from "../repository/bytes/byte-string.js";
import type { IndexLock } from "../repository/index-file/index-lock.js";
import type { IndexEntry } from "../repository/index-file/types.js";
import type { ObjectId } from "../repository/object-id.js";
import type { Repository } from "../repository/repository.js";
import type { PathConflict, Version } from "./trees/types.js";

/**
 * Brings the outcome of a merge into worktree and index; conflicts become stages. The lock is spent.
 * @throws ToolError CONFLICT before anything is touched, when local changes are in the way
 */
export async function applyMerge(
  repo: Repository,
  lock: IndexLock,
  from: ObjectId,
  { tree, conflicts }: { readonly tree: ObjectId; readonly conflicts: readonly PathConflict[] },
  options: Pick<SwitchOptions, "operation" | "record" | "signal">,
): Promise<void> {
  await switchTree(repo, lock, from, tree, { ...options, adjust: (entries) => withStages(entries, conflicts) });
}

/** Puts the sides of conflicts in place of the merged entries. */
export function withStages(entries: readonly IndexEntry[], conflicts: readonly PathConflict[]): readonly IndexEntry[] {
  if (conflicts.length === 0) return entries;
  const conflicted = new Set(conflicts.map(({ path }) => path));
  const stages = conflicts.flatMap(({ path, base, ours, theirs }) => [
    ...stageOf(path, 1, base),
    ...stageOf(path, 2, ours),
    ...stageOf(path, 3, theirs),
  ]);
  const kept = entries.filter(({ path }) => !conflicted.has(path));
  return [...kept, ...stages].sort((one, other) =>
    one.path === other.path ? one.stage - other.stage : one.path < other.path ? -1 : 1,
  );
}

const stageOf = (path: ByteString, stage: number, version: Version | undefined): IndexEntry[] =>
  version ? [{ ...newEntry({ path, ...version }), stage }] : [];
