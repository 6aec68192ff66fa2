import type { ObjectId } from "../object-id.js";
import { Pace } from "../pace.js";
import type { Ref } from "../refs/types.js";
import type { Repository } from "../repository.js";
import { peelTo } from "../revision/peel.js";
import { type CommitNodes, commitNodes } from "./commit-nodes.js";

/** The refs that have a commit among their ancestors, in their order: as `git branch --contains`. History is walked once for all. */
export async function refsContaining(
  repo: Repository,
  refs: readonly Ref[],
  commit: ObjectId,
  signal?: AbortSignal,
): Promise<Ref[]> {
  const pace = new Pace(signal);
  const search = new DescendantSearch(commitNodes(repo), commit);
  const found: Ref[] = [];
  for (const ref of refs) {
    const tip = tipOf(repo, ref);
    if (tip === undefined) continue;
    for (const _ of search.decide(tip)) if (pace.due()) await pace.pause();
    if (search.descends(tip)) found.push(ref);
  }
  return found;
}

/** The refs that a commit has among its ancestors, in their order: as `git branch --merged`. */
export async function refsMergedInto(
  repo: Repository,
  refs: readonly Ref[],
  commit: ObjectId,
  signal?: AbortSignal,
): Promise<Ref[]> {
  const pace = new Pace(signal);
  const nodes = commitNodes(repo);
  const tips = new Map(refs.map((ref) => [ref, tipOf(repo, ref)]));
  const wanted = new Set([...tips.values()].filter((tip) => tip !== undefined));
  const lowest = Math.min(...[...wanted].map((tip) => nodes.get(tip).generation));
  const seen = new Set([commit]);
  const merged = new Set<ObjectId>();
  for (const oid of seen) {
    if (wanted.delete(oid)) merged.add(oid);
    if (wanted.size === 0) break;
    const { parents, generation } = nodes.get(oid);
    if (generation > lowest || lowest === Number.POSITIVE_INFINITY) for (const parent of parents) seen.add(parent);
    if (pace.due()) await pace.pause();
  }
  return refs.filter((ref) => merged.has(tips.get(ref) ?? ""));
}

const tipOf = ({ objects }: Repository, { oid }: Ref): ObjectId | undefined =>
  objects.has(oid) ? peelTo(objects, oid, "commit") : undefined;

/** Which commits descend from one; what was found for one tip serves the next. */
class DescendantSearch {
  readonly #nodes: CommitNodes;
  readonly #known: Map<ObjectId, boolean>;
  readonly #generation: number;

  constructor(nodes: CommitNodes, ancestor: ObjectId) {
    this.#nodes = nodes;
    this.#known = new Map([[ancestor, true]]);
    this.#generation = nodes.get(ancestor).generation;
  }

  descends(oid: ObjectId): boolean {
    return this.#known.get(oid) === true;
  }

  /** Yields at each step, so that the caller can pause. */
  *decide(tip: ObjectId): Generator<void, void> {
    const path = [tip];
    for (let oid = path.at(-1); oid !== undefined; oid = path.at(-1)) {
      yield;
      const next = this.#step(oid);
      if (next === undefined) path.pop();
      else path.push(next);
    }
  }

  /** @returns the parent to decide on first */
  #step(oid: ObjectId): ObjectId | undefined {
    if (this.#known.get(oid) === true) return undefined;
    const { parents, generation } = this.#nodes.get(oid);
    // Also for a commit that is being decided on: grafts can make a circle.
    this.#known.set(oid, false);
    if (generation <= this.#generation && this.#generation !== Number.POSITIVE_INFINITY) return undefined;
    if (parents.some((parent) => this.#known.get(parent) === true)) this.#known.set(oid, true);
    else return parents.find((parent) => !this.#known.has(parent));
    return undefined;
  }
}
