import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import type { Repository } from "../../repository/repository.js";
import { abbreviate } from "../../repository/revision/abbreviate.js";
import type {
  ChangedPath,
  ChangeLetter,
  ConflictKind,
  Status,
  SubmoduleState,
} from "../../repository/worktree/status-types.js";
import { countFitting } from "../shown-text.js";

const WORDS: Record<ChangeLetter, string | undefined> = {
  ".": undefined,
  A: "added",
  C: "copied",
  D: "deleted",
  M: "modified",
  R: "renamed",
  T: "type changed",
};

const CONFLICTS: Record<ConflictKind, string> = {
  DD: "conflict: deleted by both",
  AU: "conflict: added by us",
  UD: "conflict: deleted by them",
  UA: "conflict: added by them",
  DU: "conflict: deleted by us",
  AA: "conflict: added by both",
  UU: "conflict: modified by both",
};

/** What is checked out, what it follows, and what was begun. */
export function describeStatus(repo: Repository, { head, upstream, stashes, operation }: Status) {
  return {
    ...(head.kind === "branch" && { branch: textOf(head.ref.replace(/^refs\/heads\//, "")) }),
    ...(head.oid && { head: abbreviate(repo, head.oid) }),
    ...(upstream && { upstream: textOf(upstream.ref.replace(/^refs\/(remotes|heads)\//, "")), ...upstream.distance }),
    ...(stashes > 0 && { stashes }),
    ...(operation && { in_progress: operation }),
  };
}

/** Conflicts first, then changes, then what is not tracked, then what is ignored. */
export function describeStatusPaths({ conflicts, changes, untracked, ignored }: Status) {
  const only = (path: ByteString, worktree: string) => ({ path: textOf(path), staged: undefined, worktree });
  return [
    ...conflicts.map(({ path, kind }) => only(path, CONFLICTS[kind])),
    ...changes.map(describeChange),
    ...untracked.map((path) => only(path, "untracked")),
    ...ignored.map((path) => only(path, "ignored")),
  ];
}

const describeChange = ({ path, staged, unstaged, origin, submodule }: ChangedPath) => ({
  path: textOf(path),
  staged: WORDS[staged],
  worktree: describeSubmodule(submodule) ?? WORDS[unstaged],
  renamed_from: origin && textOf(origin.path),
});

function describeSubmodule(submodule: SubmoduleState | undefined): string | undefined {
  const inside = [
    submodule?.newCommits && "new commits",
    submodule?.modified && "modified content",
    submodule?.untracked && "untracked content",
  ].filter(Boolean);
  return inside.length > 0 ? `submodule: ${inside.join(", ")}` : undefined;
}

/** Bytes of all that is said besides the paths. */
const HEAD = 1024;

/** How many of the rows fit into a result, at least one. As JSON they take more than in any table. */
export const fittingRows = (rows: readonly object[], maxOutput: number): number =>
  countFitting(
    rows.map((row) => JSON.stringify(row)),
    maxOutput - HEAD,
  );
