import type { Commit } from "../objects/types.js";
import { Pace } from "../pace.js";
import type { Repository } from "../repository.js";
import { commitNodes } from "./commit-nodes.js";
import { type RevisionOptions, revisions } from "./revisions.js";

/** Which part of history is wanted; dates are committers'. */
export interface WalkOptions extends Omit<RevisionOptions, "simplify"> {
  /** Passes over commits that it says no to; they count neither for `skip` nor for `maxCount`. */
  readonly matches?: ((commit: Commit) => boolean) | undefined;
  readonly skip?: number | undefined;
  readonly maxCount?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Commits as `git log` shows them, in its order; each with the parents that it has in a shallow clone, or by grafts and replace refs.
 * @throws ToolError NOT_FOUND where history is incomplete; what `signal` was aborted with
 */
export async function* walk(repo: Repository, options: WalkOptions): AsyncGenerator<Commit, void> {
  yield* selected(commitsOf(repo, options), options);
}

/** @param simplify limits history to what it does not mark */
export async function* commitsOf(
  repo: Repository,
  { signal, ...options }: WalkOptions & Pick<RevisionOptions, "simplify">,
): AsyncGenerator<Commit, void> {
  const nodes = commitNodes(repo);
  const pace = new Pace(signal);
  signal?.throwIfAborted();
  for (const node of revisions(nodes, options)) {
    if (node !== undefined) yield nodes.commit(node.oid);
    if (pace.due()) await pace.pause();
  }
}

/** Applies `matches`, `skip` and `maxCount`. */
export async function* selected(
  commits: AsyncIterable<Commit>,
  { matches, skip = 0, maxCount = Number.POSITIVE_INFINITY }: WalkOptions,
): AsyncGenerator<Commit, void> {
  let passed = 0;
  if (maxCount <= 0) return;
  for await (const commit of commits) {
    if (matches !== undefined && !matches(commit)) continue;
    passed++;
    if (passed > skip) yield commit;
    if (passed >= skip + maxCount) return;
  }
}
