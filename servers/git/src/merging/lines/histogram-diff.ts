import { diffLines } from "../../repository/diff/line-diff.js";
import { contentOf, type Lines } from "./line-table.js";

/** A line that occurs more often than this is no anchor. */
const MOST_OCCURRENCES = 64;
/** Lines looked at before giving up on good splits: files made to be slow must not take minutes. */
const MOST_WORK = 50_000_000;

/** A file whose lines have been numbered, and which of them the diff found changed. */
export interface Side {
  readonly lines: Lines;
  readonly numbers: Int32Array;
  /** 1 for a line without a partner in the other file. */
  readonly changed: Uint8Array;
}

/** Half-open stretch of both files. */
interface Region {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
}

/**
 * Histogram diff, which git merges with: splits both files at the longest run of equal lines among those with the rarest lines,
 * again and again. Marks `changed` of both sides.
 */
export function histogramDiff(before: Side, after: Side): void {
  const regions: Region[] = [
    { beforeStart: 0, beforeEnd: before.lines.length, afterStart: 0, afterEnd: after.lines.length },
  ];
  let work = 0;
  for (let region = regions.pop(); region !== undefined; region = regions.pop()) {
    work += region.beforeEnd - region.beforeStart + region.afterEnd - region.afterStart;
    const run = work > MOST_WORK ? "too common" : findRun(before, after, region);
    if (run === "too common") diffPlainly(before, after, region);
    else if (run === undefined) markAll(before, after, region);
    else {
      regions.push({ ...region, beforeEnd: run.beforeStart, afterEnd: run.afterStart });
      regions.push({ ...region, beforeStart: run.beforeEnd, afterStart: run.afterEnd });
    }
  }
}

function markAll(before: Side, after: Side, region: Region): void {
  before.changed.fill(1, region.beforeStart, region.beforeEnd);
  after.changed.fill(1, region.afterStart, region.afterEnd);
}

/** The lines here are all very common: compare them as `git diff` would. */
function diffPlainly(before: Side, after: Side, region: Region): void {
  const { beforeStart, beforeEnd, afterStart, afterEnd } = region;
  const left = contentOf(before.lines.slice(beforeStart, beforeEnd));
  const right = contentOf(after.lines.slice(afterStart, afterEnd));
  for (const change of diffLines(left, right)) {
    before.changed.fill(1, beforeStart + change.beforeStart, beforeStart + change.beforeEnd);
    after.changed.fill(1, afterStart + change.afterStart, afterStart + change.afterEnd);
  }
}

/** Where the lines of one region of the first file are. */
class Occurrences {
  readonly #first = new Map<number, number>();
  readonly #count = new Map<number, number>();
  readonly #next: Int32Array;
  readonly #start: number;

  constructor(numbers: Int32Array, start: number, end: number) {
    this.#start = start;
    this.#next = new Int32Array(end - start).fill(-1);
    for (let at = end - 1; at >= start; at--) {
      const number = numbers[at] ?? -1;
      this.#next[at - start] = this.#first.get(number) ?? -1;
      this.#first.set(number, at);
      this.#count.set(number, (this.#count.get(number) ?? 0) + 1);
    }
  }

  first(number: number): number {
    return this.#first.get(number) ?? -1;
  }

  count(number: number): number {
    return this.#count.get(number) ?? 0;
  }

  /** The next equal line below `at`; -1 after the last. */
  next(at: number): number {
    return this.#next[at - this.#start] ?? -1;
  }
}

/** The run to split at; undefined where the region has no line in common. */
function findRun(before: Side, after: Side, region: Region): Region | "too common" | undefined {
  if (region.beforeStart === region.beforeEnd || region.afterStart === region.afterEnd) return undefined;
  const occurrences = new Occurrences(before.numbers, region.beforeStart, region.beforeEnd);
  let best: Region | undefined;
  let rarest = MOST_OCCURRENCES + 1;
  let hasCommon = false;
  for (let at = region.afterStart; at < region.afterEnd; ) {
    const number = after.numbers[at] ?? -1;
    let next = at + 1;
    let start = occurrences.first(number);
    hasCommon ||= start >= 0;
    if (occurrences.count(number) > rarest) start = -1;
    while (start >= 0) {
      const { run, rarity } = extend(before, after, region, occurrences, start, at);
      next = Math.max(next, run.afterEnd);
      if (
        best === undefined ||
        run.beforeEnd - run.beforeStart > best.beforeEnd - best.beforeStart ||
        rarity < rarest
      ) {
        best = run;
        rarest = rarity;
      }
      do start = occurrences.next(start);
      while (start >= 0 && start < run.beforeEnd);
    }
    at = next;
  }
  return hasCommon && rarest > MOST_OCCURRENCES ? "too common" : best;
}

/** The longest run of equal lines through a pair of them, and how often its rarest line occurs. */
function extend(before: Side, after: Side, region: Region, occurrences: Occurrences, from: number, to: number) {
  const { numbers } = before;
  let rarity = occurrences.count(numbers[from] ?? -1);
  const rarer = (at: number): number => Math.min(rarity, occurrences.count(numbers[at] ?? -1));
  let length = 1;
  let back = 0;
  while (
    from - back > region.beforeStart &&
    to - back > region.afterStart &&
    numbers[from - back - 1] === after.numbers[to - back - 1]
  ) {
    back++;
    rarity = rarer(from - back);
  }
  while (
    from + length < region.beforeEnd &&
    to + length < region.afterEnd &&
    numbers[from + length] === after.numbers[to + length]
  ) {
    rarity = rarer(from + length);
    length++;
  }
  const run: Region = {
    beforeStart: from - back,
    beforeEnd: from + length,
    afterStart: to - back,
    afterEnd: to + length,
  };
  return { run, rarity };
}
