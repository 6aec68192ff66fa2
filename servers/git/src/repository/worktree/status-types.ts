import type { ByteString } from "../bytes/byte-string.js";
import type { ObjectId } from "../object-id.js";
import type { Head } from "../refs/types.js";

/** What `git status` tells. Lists are in byte order of the paths. */
export interface Status {
  readonly head: Head;
  readonly upstream: Upstream | undefined;
  readonly stashes: number;
  /** What was begun and awaits its end. */
  readonly operation: Operation | undefined;
  readonly changes: readonly ChangedPath[];
  readonly conflicts: readonly ConflictedPath[];
  /** Directories of which nothing is tracked end with a slash, unless all files were asked for. */
  readonly untracked: readonly ByteString[];
  /** Empty unless asked for. */
  readonly ignored: readonly ByteString[];
  /** Paths that could not be compared, because a filter would have to run or a submodule lies elsewhere; files are taken as modified. */
  readonly unverified: readonly ByteString[];
}

export interface Upstream {
  /** Full name, such as `refs/remotes/origin/main`. */
  readonly ref: ByteString;
  /** Commits that only one side has; undefined where the upstream or the branch has no commit. */
  readonly distance: { readonly ahead: number; readonly behind: number } | undefined;
}

export type Operation = "merge" | "rebase" | "am" | "cherry-pick" | "revert" | "bisect";

/** `A` added, `D` deleted, `M` modified, `T` type changed, `R` renamed, `C` copied, `.` the same. */
export type ChangeLetter = "." | "A" | "C" | "D" | "M" | "R" | "T";

/** A tracked path that differs between HEAD and index (`staged`) or between index and worktree (`unstaged`). */
export interface ChangedPath {
  readonly path: ByteString;
  readonly staged: ChangeLetter;
  readonly unstaged: ChangeLetter;
  /** Where it came from, of a rename or copy, and how much of it is the same, in percent. */
  readonly origin: { readonly path: ByteString; readonly similarity: number } | undefined;
  /** 0 where there is no such file. */
  readonly modes: { readonly head: number; readonly index: number; readonly worktree: number };
  /** `NULL_ID` where there is no such file. */
  readonly oids: { readonly head: ObjectId; readonly index: ObjectId };
  readonly submodule: SubmoduleState | undefined;
}

export interface SubmoduleState {
  /** Another commit is checked out than the index says. */
  readonly newCommits: boolean;
  readonly modified: boolean;
  readonly untracked: boolean;
}

export const UNCHANGED_SUBMODULE: SubmoduleState = { newCommits: false, modified: false, untracked: false };

/** Who did what to a path in conflict: ours first; deleted, added or modified (`U`). */
export type ConflictKind = "DD" | "AU" | "UD" | "UA" | "DU" | "AA" | "UU";

export interface ConflictedPath {
  readonly path: ByteString;
  readonly kind: ConflictKind;
  readonly base: ConflictSide | undefined;
  readonly ours: ConflictSide | undefined;
  readonly theirs: ConflictSide | undefined;
  /** 0 where there is no such file. */
  readonly worktreeMode: number;
  /** Where a submodule is checked out: how it differs from ours. */
  readonly submodule: SubmoduleState | undefined;
}

export interface ConflictSide {
  readonly mode: number;
  readonly oid: ObjectId;
}

/** What to look at. */
export interface StatusOptions {
  /** Only these paths and what is below them. */
  readonly paths?: readonly ByteString[] | undefined;
  /** `no`: don't look; `normal`: directories of which nothing is tracked as one; `all`: each file. As `status.showUntrackedFiles` says, or `normal`, unless given. */
  readonly untracked?: "no" | "normal" | "all" | undefined;
  /** List what is ignored too. */
  readonly ignored?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}
