/** What takes its turn by date. */
interface Dated {
  readonly date: number;
}

interface Slot<T> {
  readonly item: T;
  readonly order: number;
}

/** Newest first; of the same date, first come first served: the order in which git keeps its list of commits to visit. */
export class DateQueue<T extends Dated> {
  readonly #heap: Slot<T>[] = [];
  #added = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** The one that {@link pop} would give. */
  get first(): T | undefined {
    return this.#heap[0]?.item;
  }

  push(item: T): void {
    const slot = { item, order: this.#added++ };
    const heap = this.#heap;
    let at = heap.length;
    heap.push(slot);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(slot, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = slot;
  }

  pop(): T | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (top !== undefined && last !== undefined && top !== last) this.#sink(last);
    return top?.item;
  }

  #sink(slot: Slot<T>): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (left === undefined) break;
      const rightFirst = right !== undefined && isBefore(right, left);
      const child = rightFirst ? right : left;
      if (!isBefore(child, slot)) break;
      heap[at] = child;
      at = 2 * at + (rightFirst ? 2 : 1);
    }
    heap[at] = slot;
  }
}

const isBefore = (a: Slot<Dated>, b: Slot<Dated>): boolean =>
  a.item.date === b.item.date ? a.order < b.order : a.item.date > b.item.date;
