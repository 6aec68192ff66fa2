/** The part of two sequences between which a split is sought, ends not included. */
export interface SplitBounds {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
  /** Look on until the best split is found. */
  readonly minimal: boolean;
}

/** A point that a short edit passes through, and whether either part is known to be cheap enough for a search without limits. */
export interface Split {
  readonly before: number;
  readonly after: number;
  readonly minimalBelow: boolean;
  readonly minimalAbove: boolean;
}

/** Equal lines in a row that make a run worth heading for. */
const LONG_RUN = 20;
/** Cost from which on such runs are headed for. */
const HEURISTIC_COST = 256;
/** Cost from which on the furthest point reached is taken, at least. */
const LEAST_MAX_COST = 256;
/** How many times its cost a path must have advanced to be headed for. */
const GOOD_PROGRESS = 4;
const UNREACHED = 0x7fffffff;

/** The reach of a search in one direction: for each diagonal (before − after) in `[low, high]`, the furthest point. */
interface Front {
  readonly reach: Int32Array;
  readonly middle: number;
  low: number;
  high: number;
}

/**
 * Finds where to split a comparison: searches for shortest edits from both ends at once, diagonal by diagonal, until the two meet
 * (Myers 1986), or until git would settle for less.
 */
export class SplitSearch {
  readonly #before: Int32Array;
  readonly #after: Int32Array;
  readonly #forward: Int32Array;
  readonly #backward: Int32Array;
  /** Index of diagonal 0 in the reaches. */
  readonly #zero: number;
  readonly #maxCost: number;
  #effort: number;
  #sawLongRun = false;

  constructor(before: Int32Array, after: Int32Array, maxCost: number, effort: number) {
    this.#before = before;
    this.#after = after;
    this.#forward = new Int32Array(before.length + after.length + 3);
    this.#backward = new Int32Array(before.length + after.length + 3);
    this.#zero = after.length + 1;
    this.#maxCost = Math.max(maxCost, LEAST_MAX_COST);
    this.#effort = effort;
  }

  /** @returns undefined once all the effort is spent */
  split(box: SplitBounds): Split | undefined {
    const forward = frontAt(this.#forward, this.#zero, box.beforeStart, box.afterStart);
    const backward = frontAt(this.#backward, this.#zero, box.beforeEnd, box.afterEnd);
    const odd = ((forward.middle - backward.middle) & 1) === 1;
    for (let cost = 1; ; cost++) {
      this.#effort -= forward.high - forward.low + backward.high - backward.low + 2;
      if (this.#effort < 0) return undefined;
      this.#sawLongRun = false;
      const met = this.#advance(box, forward, odd ? backward : undefined);
      if (met) return met;
      const metBackward = this.#retreat(box, backward, odd ? undefined : forward);
      if (metBackward) return metBackward;
      if (box.minimal) continue;
      if (this.#sawLongRun && cost > HEURISTIC_COST) {
        const good = this.#goodForward(box, forward, cost) ?? this.#goodBackward(box, backward, cost);
        if (good) return good;
      }
      if (cost >= this.#maxCost) return this.#furthest(box, forward, backward);
    }
  }

  /** One more edit from the start; a split where it meets `other`. */
  #advance(box: SplitBounds, front: Front, other: Front | undefined): Split | undefined {
    widen(front, box, this.#zero, -1);
    const { reach, low, high } = front;
    const before = this.#before;
    const after = this.#after;
    const { beforeEnd, afterEnd } = box;
    for (let diagonal = high; diagonal >= low; diagonal -= 2) {
      const at = this.#zero + diagonal;
      const left = reach[at - 1] ?? 0;
      const right = reach[at + 1] ?? 0;
      const from = left >= right ? left + 1 : right;
      let x = from;
      let y = x - diagonal;
      while (x < beforeEnd && y < afterEnd && before[x] === after[y]) {
        x++;
        y++;
      }
      if (x - from > LONG_RUN) this.#sawLongRun = true;
      this.#effort -= x - from;
      reach[at] = x;
      if (other && other.low <= diagonal && diagonal <= other.high && (other.reach[at] ?? 0) <= x)
        return { before: x, after: y, minimalBelow: true, minimalAbove: true };
    }
    return undefined;
  }

  /** One more edit from the end; a split where it meets `other`. */
  #retreat(box: SplitBounds, front: Front, other: Front | undefined): Split | undefined {
    widen(front, box, this.#zero, UNREACHED);
    const { reach, low, high } = front;
    const before = this.#before;
    const after = this.#after;
    const { beforeStart, afterStart } = box;
    for (let diagonal = high; diagonal >= low; diagonal -= 2) {
      const at = this.#zero + diagonal;
      const left = reach[at - 1] ?? 0;
      const right = reach[at + 1] ?? 0;
      const from = left < right ? left : right - 1;
      let x = from;
      let y = x - diagonal;
      while (x > beforeStart && y > afterStart && before[x - 1] === after[y - 1]) {
        x--;
        y--;
      }
      if (from - x > LONG_RUN) this.#sawLongRun = true;
      this.#effort -= from - x;
      reach[at] = x;
      if (other && other.low <= diagonal && diagonal <= other.high && x <= (other.reach[at] ?? 0))
        return { before: x, after: y, minimalBelow: true, minimalAbove: true };
    }
    return undefined;
  }

  /** The point that has advanced best from the start, if it lies behind a long run of equal lines. */
  #goodForward(box: SplitBounds, { reach, low, high, middle }: Front, cost: number): Split | undefined {
    let best = GOOD_PROGRESS * cost;
    let found: Split | undefined;
    for (let diagonal = high; diagonal >= low; diagonal -= 2) {
      const x = reach[this.#zero + diagonal] ?? 0;
      const y = x - diagonal;
      const progress = x - box.beforeStart + (y - box.afterStart) - Math.abs(diagonal - middle);
      if (progress <= best || x < box.beforeStart + LONG_RUN || x >= box.beforeEnd) continue;
      if (y < box.afterStart + LONG_RUN || y >= box.afterEnd || !this.#isLongRun(x - LONG_RUN, y - LONG_RUN)) continue;
      best = progress;
      found = { before: x, after: y, minimalBelow: true, minimalAbove: false };
    }
    return found;
  }

  /** The point that has advanced best from the end, if a long run of equal lines starts at it. */
  #goodBackward(box: SplitBounds, { reach, low, high, middle }: Front, cost: number): Split | undefined {
    let best = GOOD_PROGRESS * cost;
    let found: Split | undefined;
    for (let diagonal = high; diagonal >= low; diagonal -= 2) {
      const x = reach[this.#zero + diagonal] ?? 0;
      const y = x - diagonal;
      const progress = box.beforeEnd - x + (box.afterEnd - y) - Math.abs(diagonal - middle);
      if (progress <= best || x <= box.beforeStart || x > box.beforeEnd - LONG_RUN) continue;
      if (y <= box.afterStart || y > box.afterEnd - LONG_RUN || !this.#isLongRun(x, y)) continue;
      best = progress;
      found = { before: x, after: y, minimalBelow: false, minimalAbove: true };
    }
    return found;
  }

  #isLongRun(x: number, y: number): boolean {
    for (let step = 0; step < LONG_RUN; step++) if (this.#before[x + step] !== this.#after[y + step]) return false;
    return true;
  }

  /** The point furthest from where its search started: what is left is the smallest. */
  #furthest(box: SplitBounds, forward: Front, backward: Front): Split {
    let ahead = { before: -1, after: 0, sum: -1 };
    for (let diagonal = forward.high; diagonal >= forward.low; diagonal -= 2) {
      const reached = Math.min(forward.reach[this.#zero + diagonal] ?? 0, box.beforeEnd);
      const x = Math.min(reached, box.afterEnd + diagonal);
      if (ahead.sum < x + x - diagonal) ahead = { before: x, after: x - diagonal, sum: x + x - diagonal };
    }
    let behind = { before: UNREACHED, after: 0, sum: Number.POSITIVE_INFINITY };
    for (let diagonal = backward.high; diagonal >= backward.low; diagonal -= 2) {
      const reached = Math.max(backward.reach[this.#zero + diagonal] ?? 0, box.beforeStart);
      const x = Math.max(reached, box.afterStart + diagonal);
      if (x + x - diagonal < behind.sum) behind = { before: x, after: x - diagonal, sum: x + x - diagonal };
    }
    const forwardIsFurther = box.beforeEnd + box.afterEnd - behind.sum < ahead.sum - (box.beforeStart + box.afterStart);
    const { before, after } = forwardIsFurther ? ahead : behind;
    return { before, after, minimalBelow: forwardIsFurther, minimalAbove: !forwardIsFurther };
  }
}

function frontAt(reach: Int32Array, zero: number, before: number, after: number): Front {
  const middle = before - after;
  reach[zero + middle] = before;
  return { reach, middle, low: middle, high: middle };
}

/** Takes in one more diagonal on either side, or leaves one out where they would leave the box. */
function widen(front: Front, box: SplitBounds, zero: number, unreached: number): void {
  if (front.low > box.beforeStart - box.afterEnd) {
    front.low--;
    front.reach[zero + front.low - 1] = unreached;
  } else front.low++;
  if (front.high < box.beforeEnd - box.afterStart) {
    front.high++;
    front.reach[zero + front.high + 1] = unreached;
  } else front.high--;
}
