import type { ByteString } from "../../repository/bytes/byte-string.js";
import { isAncestor } from "../../repository/history/merge-base.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Signature } from "../../repository/objects/types.js";
import type { RefChange } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";
import type { PlannedRef } from "./ref-plan.js";

/** What became of a ref. */
export interface RefMove {
  readonly ref: ByteString;
  readonly from: ObjectId | undefined;
  readonly to: ObjectId | undefined;
  /** `kept`: it would have lost commits, or is a tag that is another one there. */
  readonly kind: "new" | "forward" | "forced" | "pruned" | "kept";
}

/** A transaction holds its refs open, and a process may open no more than some thousand files. */
const REFS_AT_ONCE = 200;

/** What is to be done, without what is so already. */
export function movesFor(repo: Repository, planned: readonly PlannedRef[]): RefMove[] {
  return planned.flatMap(({ destination: ref, oid: to, force }) => {
    if (ref === "") return [];
    const from = repo.refs.resolve(ref);
    if (from === to) return [];
    return [{ ref, from, to, kind: kindOf(repo, ref, { from, to, force }) }];
  });
}

function kindOf(
  repo: Repository,
  ref: ByteString,
  { from, to, force }: { from: ObjectId | undefined; to: ObjectId; force: boolean },
): RefMove["kind"] {
  if (from === undefined) return "new";
  if (!ref.startsWith("refs/tags/") && goesForward(repo, from, to)) return "forward";
  return force ? "forced" : "kept";
}

/** Does a ref that goes from one to the other keep all its commits? */
export function goesForward(repo: Repository, from: ObjectId, to: ObjectId): boolean {
  if (!repo.objects.has(from) || !repo.objects.has(to)) return false;
  const areCommits = [from, to].every((oid) => repo.objects.header(oid).type === "commit");
  return areCommits && isAncestor(repo, from, to);
}

const WORDS: Record<RefMove["kind"], string> = {
  new: "storing head",
  forward: "fast-forward",
  forced: "forced-update",
  pruned: "prune",
  kept: "",
};

/**
 * Writes refs, each only if it still is what it was. Those that go come first: their names may be in the way of new ones.
 * @throws ToolError CONFLICT
 */
export function moveRefs(repo: Repository, moves: readonly RefMove[], operation: string, who: Signature): void {
  for (const kind of ["pruned", "new", "forward", "forced"] as const) {
    const changes = moves.filter((move) => move.kind === kind).map(changeOf);
    for (let at = 0; at < changes.length; at += REFS_AT_ONCE) {
      repo.refs.update(changes.slice(at, at + REFS_AT_ONCE), { who, message: `${operation}: ${WORDS[kind]}` });
    }
  }
}

const changeOf = ({ ref, from, to }: RefMove): RefChange => ({ ref, to, expected: from ?? null, follow: false });
