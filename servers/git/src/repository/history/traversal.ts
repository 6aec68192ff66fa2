import type { ObjectId } from "../object-id.js";
import type { CommitNode, CommitNodes } from "./commit-nodes.js";
import { DateQueue } from "./date-queue.js";

/** Git's flags on a commit while history is walked. */
const SEEN = 1;
const ADDED = 2;
/** Not to be shown, nor what is above it. */
export const UNINTERESTING = 4;
/** It was named as the end of the walk. */
export const BOTTOM = 8;
/** Nothing that the walk is limited to changed in it. */
export const TREESAME = 16;
const WAITING = 32;

/** A commit as one walk sees it. */
export interface Visit {
  readonly oid: ObjectId;
  flags: number;
  /** Undefined until the walk comes across it: parents of an uninteresting commit are marked unseen. */
  node: CommitNode | undefined;
  /** Those that the walk goes on to; simplification leaves some out. */
  parents: readonly ObjectId[];
  /** Of the committer; set with the node. */
  date: number;
}

export interface TraversalOptions {
  readonly firstParent?: boolean | undefined;
  /** Marks a commit {@link TREESAME}, and drops parents that need not be followed. */
  readonly simplify?: ((visit: Visit, traversal: Traversal) => void) | undefined;
}

/** Commits that wait to be visited, and what is known of those that were: the state of git's revision walk. */
export class Traversal {
  readonly nodes: CommitNodes;
  readonly #options: TraversalOptions;
  readonly #visits = new Map<ObjectId, Visit>();
  readonly #queue = new DateQueue<Visit>();
  #interesting = 0;

  constructor(nodes: CommitNodes, options: TraversalOptions) {
    this.nodes = nodes;
    this.#options = options;
  }

  /** Is a commit waiting that is not uninteresting? */
  get hasInteresting(): boolean {
    return this.#interesting > 0;
  }

  get newestWaiting(): Visit | undefined {
    return this.#queue.first;
  }

  /** A commit that the walk begins with, or ends at. */
  start(oid: ObjectId, flags: number): void {
    const visit = this.parsed(oid);
    visit.flags |= flags & ~UNINTERESTING;
    if (flags & UNINTERESTING) this.#markUninteresting(visit);
    if (flags & UNINTERESTING) this.markParentsUninteresting(visit);
    this.#enqueue(visit);
  }

  next(): Visit | undefined {
    const visit = this.#queue.pop();
    if (visit === undefined) return undefined;
    visit.flags &= ~WAITING;
    if (!(visit.flags & UNINTERESTING)) this.#interesting--;
    return visit;
  }

  visit(oid: ObjectId): Visit {
    let visit = this.#visits.get(oid);
    if (visit === undefined) {
      visit = { oid, flags: 0, node: undefined, parents: [], date: 0 };
      this.#visits.set(oid, visit);
    }
    return visit;
  }

  /** Has its parents visited too; those of an uninteresting commit become so themselves. */
  addParents(visit: Visit): void {
    if (visit.flags & ADDED) return;
    visit.flags |= ADDED;
    const uninteresting = (visit.flags & UNINTERESTING) !== 0;
    if (!uninteresting) this.#options.simplify?.(visit, this);
    for (const oid of visit.parents) {
      if (uninteresting) this.#markUninteresting(this.visit(oid));
      const parent = this.parsed(oid);
      if (uninteresting) this.markParentsUninteresting(parent);
      this.#enqueue(parent);
      if (this.#options.firstParent && !uninteresting) break;
    }
  }

  /** Marks the parents, and of those that were visited before, theirs in turn. */
  markParentsUninteresting(visit: Visit): void {
    const pending = [...visit.parents];
    for (let oid = pending.pop(); oid !== undefined; oid = pending.pop()) {
      const parent = this.visit(oid);
      if (parent.flags & UNINTERESTING) continue;
      this.#markUninteresting(parent);
      pending.push(...parent.parents);
    }
  }

  #markUninteresting(visit: Visit): void {
    if ((visit.flags & (WAITING | UNINTERESTING)) === WAITING) this.#interesting--;
    visit.flags |= UNINTERESTING;
  }

  /** The visit of a commit that the walk has come across. */
  parsed(oid: ObjectId): Visit {
    const visit = this.visit(oid);
    if (visit.node === undefined) {
      visit.node = this.nodes.get(oid);
      visit.parents = visit.node.parents;
      visit.date = visit.node.date;
    }
    return visit;
  }

  #enqueue(visit: Visit): void {
    if (visit.flags & SEEN) return;
    visit.flags |= SEEN | WAITING;
    if (!(visit.flags & UNINTERESTING)) this.#interesting++;
    this.#queue.push(visit);
  }
}
