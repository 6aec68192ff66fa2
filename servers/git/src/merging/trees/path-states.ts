import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { SideChanges } from "./side-changes.js";
import { type SideName, sameVersion, type Version, type Versions } from "./types.js";

/** A path that at least one side changed, while renames are brought in. */
export interface PathState {
  base: Version | undefined;
  ours: Version | undefined;
  theirs: Version | undefined;
  /** What each version is called in its own tree: a rename brings versions of other names. */
  names: { base: ByteString; ours: ByteString; theirs: ByteString };
  /** A conflict of paths that the versions themselves don't show. */
  hasPathConflict: boolean;
  /** Its versions went to another path. */
  isMovedAway: boolean;
  /** Whose version stands without a merge, as the other side left it alone or did the same; renames change nothing about it. */
  readonly winner: SideName | undefined;
  /** Sides that had a file by this name before renames were brought in. */
  readonly holders: readonly SideName[];
}

export type PathStates = Map<ByteString, PathState>;

/** Versions of every path that differs from the base on one side or both. */
export function pathStates(ours: SideChanges, theirs: SideChanges): PathStates {
  const states: PathStates = new Map();
  for (const path of new Set([...ours.keys(), ...theirs.keys()])) {
    const [mine, other] = [ours.get(path), theirs.get(path)];
    const base = (mine ?? other)?.before;
    const versions = { base, ours: mine ? mine.after : base, theirs: other ? other.after : base };
    states.set(path, {
      ...versions,
      names: { base: path, ours: path, theirs: path },
      hasPathConflict: false,
      isMovedAway: false,
      winner: winnerOf(versions),
      holders: (["ours", "theirs"] as const).filter((side) => versions[side] !== undefined),
    });
  }
  return states;
}

function winnerOf({ base, ours, theirs }: Versions): SideName | undefined {
  if (ours !== undefined && sameVersion(ours, theirs)) return "ours";
  if (base === undefined) return undefined;
  if (sameVersion(base, ours)) return "theirs";
  return sameVersion(base, theirs) ? "ours" : undefined;
}
