import type { ObjectId } from "../object-id.js";
import type { CommitNode, CommitNodes } from "./commit-nodes.js";
import { topologicalOrder } from "./topological-order.js";
import { BOTTOM, TREESAME, Traversal, type TraversalOptions, UNINTERESTING, type Visit } from "./traversal.js";

/** Which commits, and in which order. */
export interface RevisionOptions {
  readonly include: readonly ObjectId[];
  /** These, and all of their ancestors, are left out. */
  readonly exclude?: readonly ObjectId[] | undefined;
  readonly firstParent?: boolean | undefined;
  /** `date`, newest first, unless given; `topo` shows no commit before all of its children, and lines of history in one piece. */
  readonly order?: "date" | "topo" | undefined;
  /** Committer dates, in seconds since 1970, both inclusive; the walk does not go past a commit older than `since`. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly simplify?: TraversalOptions["simplify"];
}

/** Commits that git still visits after it seems to be done: dates may be askew. */
const SLOP = 5;

/**
 * The commits of `git rev-list`, in its order. Where one is passed over, `undefined` is yielded instead: a caller can pause there.
 */
export function* revisions(nodes: CommitNodes, options: RevisionOptions): Generator<CommitNode | undefined, void> {
  const { include, exclude = [], order = "date", until } = options;
  const traversal = new Traversal(nodes, options);
  for (const oid of exclude) traversal.start(oid, UNINTERESTING | BOTTOM);
  for (const oid of include) traversal.start(oid, 0);
  const isLimited = exclude.length > 0 || order === "topo";
  const visits = isLimited ? limited(traversal, options) : streamed(traversal, options);
  for (const visit of visits) {
    const shown = visit !== undefined && isShown(visit, until, options.simplify !== undefined);
    yield shown ? visit.node : undefined;
  }
}

const isShown = ({ flags, date }: Visit, until = Number.POSITIVE_INFINITY, simplified: boolean): boolean =>
  !(flags & UNINTERESTING) && date <= until && !(simplified && flags & TREESAME);

function* streamed(traversal: Traversal, { since }: RevisionOptions): Generator<Visit> {
  for (let visit = traversal.next(); visit !== undefined; visit = traversal.next()) {
    if (since !== undefined && visit.date < since) continue;
    traversal.addParents(visit);
    yield visit;
  }
}

/** Finds all commits before it yields the first: an end may be reached late. */
function* limited(traversal: Traversal, options: RevisionOptions): Generator<Visit | undefined, void> {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = options;
  const found: Visit[] = [];
  let slop = SLOP;
  let oldest = Number.POSITIVE_INFINITY;
  for (let visit = traversal.next(); visit !== undefined; visit = traversal.next()) {
    yield undefined;
    if (visit.date < since) visit.flags |= UNINTERESTING;
    traversal.addParents(visit);
    if (visit.flags & UNINTERESTING) {
      traversal.markParentsUninteresting(visit);
      slop = slopLeft(traversal, oldest, slop);
      if (slop === 0) break;
    } else if (visit.date <= until) {
      oldest = visit.date;
      found.push(visit);
    }
  }
  yield* options.order === "topo" ? topologicalOrder(found) : found;
}

/** How many more commits to visit although only uninteresting ones wait. */
function slopLeft(traversal: Traversal, oldest: number, slop: number): number {
  const newest = traversal.newestWaiting;
  if (newest === undefined) return 0;
  return oldest <= newest.date || traversal.hasInteresting ? SLOP : slop - 1;
}
