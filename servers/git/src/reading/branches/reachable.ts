import { refsContaining, refsMergedInto } from "../../repository/history/containing.js";
import type { Ref } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";
import { resolveRevision } from "../../repository/revision/resolve.js";

/** Revisions that refs have, or have not, among their ancestors. */
export interface ReachabilityFilter {
  readonly contains?: string | undefined;
  readonly notContains?: string | undefined;
  /** A revision that has them among its ancestors. */
  readonly merged?: string | undefined;
  readonly signal: AbortSignal;
}

/** The refs that a filter lets through, in their order. */
export async function reachable(
  repo: Repository,
  refs: readonly Ref[],
  { contains, notContains, merged, signal }: ReachabilityFilter,
): Promise<readonly Ref[]> {
  let left = refs;
  if (contains !== undefined) left = await refsContaining(repo, left, resolveRevision(repo, contains), signal);
  if (notContains !== undefined) {
    const without = new Set(await refsContaining(repo, left, resolveRevision(repo, notContains), signal));
    left = left.filter((ref) => !without.has(ref));
  }
  return merged === undefined ? left : refsMergedInto(repo, left, resolveRevision(repo, merged), signal);
}
