import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { Repository } from "../../repository/repository.js";
import { conflictsOf } from "../../repository/worktree/conflicts.js";
import { worktreeOf } from "../../repository/worktree/hash-file.js";
import type { ConflictedPath, ConflictKind, ConflictSide } from "../../repository/worktree/status-types.js";
import { SUBMODULE } from "../trees/types.js";

/** Bytes of a file of the worktree that are searched for markers. */
const MOST_SEARCHED = 16 << 20;

/** What each side did, in git's words. */
const WORDS: Readonly<Record<ConflictKind, string>> = {
  DD: "both deleted",
  AU: "added by us",
  UD: "deleted by them",
  UA: "added by them",
  DU: "deleted by us",
  AA: "both added",
  UU: "both modified",
};

export interface ConflictSummary {
  readonly path: ByteString;
  readonly kind: string;
  /** Bytes of each version that there is. */
  readonly sizes: { readonly base?: number; readonly ours?: number; readonly theirs?: number };
  /** Places that are still marked in the worktree's file; undefined where there is none, or no text. */
  readonly regions: number | undefined;
}

/** Paths that wait to be resolved, in byte order. */
export function listConflicts(repo: Repository): ConflictSummary[] {
  return conflictedPaths(repo).map((conflict) => ({
    path: conflict.path,
    kind: WORDS[conflict.kind],
    sizes: {
      ...sizeOf(repo, "base", conflict.base),
      ...sizeOf(repo, "ours", conflict.ours),
      ...sizeOf(repo, "theirs", conflict.theirs),
    },
    regions: markedRegions(repo, conflict.path),
  }));
}

/** The versions of one path; undefined where it is not in conflict. */
export const conflictAt = (repo: Repository, path: ByteString): ConflictedPath | undefined =>
  conflictedPaths(repo).find((conflict) => conflict.path === path);

function conflictedPaths(repo: Repository): readonly ConflictedPath[] {
  const { entries } = repo.index();
  const paths = entries.filter(({ stage }) => stage > 0).map(({ path }) => path);
  return conflictsOf(entries, new Map(paths.map((path) => [path, 0])), new Map());
}

function sizeOf(repo: Repository, name: "base" | "ours" | "theirs", side: ConflictSide | undefined) {
  if (side === undefined || side.mode === SUBMODULE) return {};
  return { [name]: repo.objects.header(side.oid).size };
}

function markedRegions(repo: Repository, path: ByteString): number | undefined {
  const content = readText(repo, path);
  return content?.split("\n").filter((line) => /^<{7}(?: |\r?$)/.test(line)).length;
}

function readText(repo: Repository, path: ByteString): string | undefined {
  const content =
    worktreeOf(repo).readLink(path) === undefined ? worktreeOf(repo).read(path, MOST_SEARCHED) : undefined;
  return content?.includes(0) ? undefined : content?.toString("latin1");
}
