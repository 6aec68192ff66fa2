import { aheadBehind } from "../history/merge-base.js";
import type { Repository } from "../repository.js";
import { trackedRef } from "../revision/upstream.js";
import type { Upstream } from "./status-types.js";

/** What the branch follows, and how far the two are apart. */
export function upstreamState(repo: Repository): Upstream | undefined {
  const head = repo.refs.head();
  const ref = head.kind === "branch" ? trackedRef(repo.config, head.ref) : undefined;
  if (ref === undefined) return undefined;
  const oid = repo.refs.resolve(ref);
  const distance = head.oid && oid ? aheadBehind(repo, head.oid, oid) : undefined;
  return { ref, distance };
}

export const stashCount = (repo: Repository): number =>
  repo.refs.resolve("refs/stash") === undefined ? 0 : repo.refs.reflog("refs/stash").length;
