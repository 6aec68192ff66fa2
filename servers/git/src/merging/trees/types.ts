import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { ConflictStyle } from "../lines/merge-chunks.js";
import type { SideLabels } from "../lines/merge-text.js";

/** A file as a tree has it. */
export interface Version {
  readonly mode: number;
  readonly oid: ObjectId;
}

/** The versions of one path; undefined where it does not exist. */
export interface Versions {
  readonly base: Version | undefined;
  readonly ours: Version | undefined;
  readonly theirs: Version | undefined;
}

export type SideName = "ours" | "theirs";

export const otherSide = (side: SideName): SideName => (side === "ours" ? "theirs" : "ours");

/** A path that could not be merged, with what goes to stages 1, 2 and 3 of the index. */
export interface PathConflict extends Versions {
  readonly path: ByteString;
}

export interface TreeMerge {
  /** All files, those with conflicts with the markers in them: what the worktree is to hold. */
  readonly tree: ObjectId;
  /** In byte order of their paths; empty for a clean merge. */
  readonly conflicts: readonly PathConflict[];
  /** A line for each conflict, as git prints it. */
  readonly messages: readonly ByteString[];
}

export interface TreeMergeOptions {
  readonly labels: SideLabels;
  readonly style?: ConflictStyle;
  /** How deep in a merge of merge bases this is: conflicts are then settled in the base's favour. */
  readonly depth?: number;
  readonly signal?: AbortSignal | undefined;
}

const KIND = 0o170000;
export const REGULAR = 0o100000;
export const LINK = 0o120000;
export const SUBMODULE = 0o160000;

/** Regular file, link or submodule, as the bits of a mode say it. */
export const kindOf = (version: Version | undefined): number => (version?.mode ?? 0) & KIND;

export const sameVersion = (one: Version | undefined, other: Version | undefined): boolean =>
  one?.oid === other?.oid && one?.mode === other?.mode;
