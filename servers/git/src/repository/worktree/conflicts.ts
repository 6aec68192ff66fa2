import type { ByteString } from "../bytes/byte-string.js";
import { SUBMODULE } from "../file-mode.js";
import type { IndexEntry } from "../index-file/types.js";
import {
  type ConflictedPath,
  type ConflictKind,
  type ConflictSide,
  type SubmoduleState,
  UNCHANGED_SUBMODULE,
} from "./status-types.js";

/** By the stages that a path has: 1 for the base, 2 for ours, 4 for theirs. */
const KINDS: readonly (ConflictKind | undefined)[] = [undefined, "DD", "AU", "UD", "UA", "DU", "AA", "UU"];

/**
 * The paths of an index that are in conflict.
 * @param modes of their files in the worktree, 0 where there is none; paths that are not in it are left out
 * @param submodules states of those that were looked into
 */
export function conflictsOf(
  entries: readonly IndexEntry[],
  modes: ReadonlyMap<ByteString, number>,
  submodules: ReadonlyMap<ByteString, SubmoduleState>,
): readonly ConflictedPath[] {
  if (modes.size === 0) return [];
  const stages = new Map<ByteString, (ConflictSide | undefined)[]>();
  for (const { path, stage, mode, oid } of entries) {
    if (stage === 0 || !modes.has(path)) continue;
    const sides = stages.get(path) ?? [undefined, undefined, undefined];
    sides[stage - 1] = { mode, oid };
    stages.set(path, sides);
  }
  return [...stages].map(([path, [base, ours, theirs]]) => ({
    path,
    kind: KINDS[(base ? 1 : 0) | (ours ? 2 : 0) | (theirs ? 4 : 0)] ?? "UU",
    base,
    ours,
    theirs,
    worktreeMode: modes.get(path) ?? 0,
    submodule: submodules.get(path) ?? (modes.get(path) === SUBMODULE ? UNCHANGED_SUBMODULE : undefined),
  }));
}
