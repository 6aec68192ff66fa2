import type { ByteString } from "../../repository/bytes/byte-string.js";
import { type IndexDraft, newEntry } from "../index-edit/index-draft.js";
import type { SparseRule } from "../switching/sparse-checkout.js";
import { isSameFile, type TrackedFile } from "../worktree/tracked-file.js";

/**
 * Makes the entries of matching paths what a tree says. Those that are right already keep what they know of their files.
 * @returns the paths that changed
 */
export function resetEntries(
  draft: IndexDraft,
  tree: ReadonlyMap<ByteString, TrackedFile>,
  matches: (path: ByteString) => boolean,
  isOutsideSparse: SparseRule,
): ByteString[] {
  const changed = new Set<ByteString>();
  for (const { path } of draft.under("")) {
    if (tree.has(path) || !matches(path)) continue;
    draft.remove(path);
    changed.add(path);
  }
  for (const file of tree.values()) {
    if (!matches(file.path)) continue;
    const [entry] = draft.at(file.path);
    if (entry?.stage === 0 && isSameFile(entry, file) && !entry.intentToAdd) continue;
    draft.put({ ...newEntry(file), skipWorktree: entry ? entry.skipWorktree : isOutsideSparse(file.path) });
    changed.add(file.path);
  }
  return [...changed];
}
