import type { ComparedSide, Comparison } from "./changed-lines.js";

/** Lines that the search for the shortest edit looks at: the others are known to have changed, or are the same at both ends. */
export interface Candidates {
  /** Their ids. */
  readonly ids: Int32Array;
  /** Which lines of the file they are. */
  readonly lines: Int32Array;
}

/** A line with this many equals in the other file says little, in however large a file. */
const MOST_EQUALS = 1024;

/** Lines to either side that are looked at to decide about a line with many equals. */
const WINDOW = 100;

/** Such a line is dropped where the dropped ones around it are more than this many times as many as its like. */
const RUN = 4;

const ABSENT = 0;
const FEW = 1;
const MANY = 2;

/**
 * Leaves out the same lines at both ends and, as git does, lines that would only mislead the search: those the other file has not,
 * and those it has very often, in the midst of the former. They are marked as changed.
 * @param idCount ids are less than this
 */
export function chooseCandidates({ before, after }: Comparison, idCount: number): [Candidates, Candidates] {
  const start = sameAtStart(before.ids, after.ids);
  const end = sameAtEnd(before.ids, after.ids, start);
  const usesBefore = countUses(before.ids, idCount);
  const usesAfter = countUses(after.ids, idCount);
  return [choose(before, usesAfter, start, end), choose(after, usesBefore, start, end)];
}

function sameAtStart(before: Int32Array, after: Int32Array): number {
  const most = Math.min(before.length, after.length);
  let same = 0;
  while (same < most && before[same] === after[same]) same++;
  return same;
}

function sameAtEnd(before: Int32Array, after: Int32Array, start: number): number {
  const most = Math.min(before.length, after.length) - start;
  let same = 0;
  while (same < most && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  return same;
}

function countUses(ids: Int32Array, idCount: number): Int32Array {
  const uses = new Int32Array(idCount);
  for (let line = 0; line < ids.length; line++) {
    const id = ids[line] ?? 0;
    uses[id] = (uses[id] ?? 0) + 1;
  }
  return uses;
}

function choose({ ids, changed }: ComparedSide, usesInOther: Int32Array, start: number, end: number): Candidates {
  const stop = ids.length - end;
  const kinds = new Uint8Array(stop - start);
  const many = Math.min(roughSquareRoot(ids.length), MOST_EQUALS);
  for (let line = start; line < stop; line++) {
    const uses = usesInOther[ids[line] ?? 0] ?? 0;
    kinds[line - start] = uses === 0 ? ABSENT : uses >= many ? MANY : FEW;
  }
  const surroundings = kinds.includes(MANY) ? new Surroundings(kinds) : undefined;
  const chosen = { ids: new Int32Array(stop - start), lines: new Int32Array(stop - start) };
  let count = 0;
  for (let line = start; line < stop; line++) {
    const kind = kinds[line - start];
    if (kind === FEW || (kind === MANY && !surroundings?.misleads(line - start))) {
      chosen.ids[count] = ids[line] ?? 0;
      chosen.lines[count++] = line;
    } else changed[line] = 1;
  }
  return { ids: chosen.ids.subarray(0, count), lines: chosen.lines.subarray(0, count) };
}

/** Tells of any line what kinds of lines are next to it, without looking at each of them again. */
class Surroundings {
  /** How many absent lines are above a line, and where the nearest line with few equals is, in either direction. */
  readonly #absentAbove: Int32Array;
  readonly #fewAbove: Int32Array;
  readonly #fewBelow: Int32Array;

  constructor(kinds: Uint8Array) {
    const count = kinds.length;
    this.#absentAbove = new Int32Array(count + 1);
    this.#fewAbove = new Int32Array(count);
    this.#fewBelow = new Int32Array(count);
    for (let line = 0, absent = 0, few = -1; line < count; line++) {
      this.#fewAbove[line] = few;
      if (kinds[line] === ABSENT) absent++;
      if (kinds[line] === FEW) few = line;
      this.#absentAbove[line + 1] = absent;
    }
    for (let line = count - 1, few = count; line >= 0; line--) {
      this.#fewBelow[line] = few;
      if (kinds[line] === FEW) few = line;
    }
  }

  /** Is a line with many equals in the midst of lines that the other file has not? */
  misleads(line: number): boolean {
    const start = Math.max((this.#fewAbove[line] ?? -1) + 1, line - WINDOW);
    const end = Math.min(this.#fewBelow[line] ?? 0, line + WINDOW + 1);
    const absentAbove = this.#absentIn(start, line);
    const absentBelow = this.#absentIn(line + 1, end);
    if (absentAbove === 0 || absentBelow === 0) return false;
    const absent = absentAbove + absentBelow;
    const many = end - start - 1 - absent + 2;
    return many * RUN < many + absent;
  }

  #absentIn(start: number, end: number): number {
    return (this.#absentAbove[end] ?? 0) - (this.#absentAbove[start] ?? 0);
  }
}

/** A power of two near the square root. */
export function roughSquareRoot(number: number): number {
  let root = 1;
  for (let rest = number; rest > 0; rest >>= 2) root <<= 1;
  return root;
}
