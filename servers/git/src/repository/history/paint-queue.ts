import type { ObjectId } from "../object-id.js";
import type { CommitNode } from "./commit-nodes.js";
import { DateQueue } from "./date-queue.js";

/** Commits to visit, newest first, as long as one of them is not stale. */
export class PaintQueue {
  readonly #queue = new DateQueue<CommitNode>();
  readonly #isStale: (oid: ObjectId) => boolean;
  /** How often a commit waits: one that is painted again is visited again. */
  readonly #waiting = new Map<ObjectId, number>();
  #fresh = 0;

  constructor(isStale: (oid: ObjectId) => boolean) {
    this.#isStale = isStale;
  }

  push(node: CommitNode): void {
    this.#queue.push(node);
    this.#waiting.set(node.oid, (this.#waiting.get(node.oid) ?? 0) + 1);
    if (!this.#isStale(node.oid)) this.#fresh++;
  }

  /** Runs a change that may make a commit stale, and keeps count of those that are not. */
  recolour(oid: ObjectId, change: () => void): void {
    const wasFresh = !this.#isStale(oid);
    change();
    if (wasFresh && this.#isStale(oid)) this.#fresh -= this.#waiting.get(oid) ?? 0;
  }

  /** Undefined when all that is left is stale. */
  next(): CommitNode | undefined {
    if (this.#fresh === 0) return undefined;
    const node = this.#queue.pop();
    if (node === undefined) return undefined;
    const left = (this.#waiting.get(node.oid) ?? 1) - 1;
    if (left === 0) this.#waiting.delete(node.oid);
    else this.#waiting.set(node.oid, left);
    if (!this.#isStale(node.oid)) this.#fresh--;
    return node;
  }
}
