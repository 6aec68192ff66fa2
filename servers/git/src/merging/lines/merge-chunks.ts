import { histogramDiff, type Side } from "./histogram-diff.js";
import { LineNumbers, type Lines } from "./line-table.js";
import { slideChanges } from "./slide-changes.js";

/** How conflicts are written: `merge` shows both sides, the others the base too. */
export type ConflictStyle = "merge" | "diff3" | "zdiff3";

/** A change of the merge: lines of the base, ours and theirs, starts and counts. Stretches between chunks are equal or same. */
export interface MergeChunk {
  kind: "ours" | "theirs" | "same" | "conflict";
  baseStart: number;
  baseCount: number;
  oursStart: number;
  oursCount: number;
  theirsStart: number;
  theirsCount: number;
}

/** Lines `start`, `count` of the base became `to`, `toCount`. */
interface Change {
  readonly start: number;
  readonly count: number;
  readonly to: number;
  readonly toCount: number;
}

/** Conflicts with no more equal lines than this between them become one. */
const CLOSE_LINES = 3;

/**
 * Three-way merge of lines, with git's results: its diff, its pairing of changes, its refinement of conflicts.
 * An ordinary diff3 finds other conflicts, since it neither slides changes nor looks into conflicts for what both sides share.
 */
export function mergeChunks(base: Lines, ours: Lines, theirs: Lines, style: ConflictStyle): MergeChunk[] {
  const numbering = new LineNumbers();
  const [baseNumbers, oursNumbers, theirsNumbers] = [numbering.of(base), numbering.of(ours), numbering.of(theirs)];
  const ourChanges = changesOf({ lines: base, numbers: baseNumbers }, { lines: ours, numbers: oursNumbers });
  const theirChanges = changesOf({ lines: base, numbers: baseNumbers }, { lines: theirs, numbers: theirsNumbers });
  const isSame = (one: Change, other: Change): boolean =>
    one.start === other.start &&
    one.count === other.count &&
    one.toCount === other.toCount &&
    oursNumbers.subarray(one.to, one.to + one.toCount).every((line, n) => line === theirsNumbers[other.to + n]);
  const chunks = pair(ourChanges, theirChanges, isSame);
  if (style === "diff3") return chunks;
  if (style === "zdiff3") return chunks.map((chunk) => trimmed(chunk, oursNumbers, theirsNumbers));
  return joinClose(chunks.flatMap((chunk) => refined(chunk, ours, theirs, oursNumbers, theirsNumbers)));
}

type Numbered = Pick<Side, "lines" | "numbers">;

function changesOf(before: Numbered, after: Numbered): Change[] {
  const left: Side = { ...before, changed: new Uint8Array(before.lines.length) };
  const right: Side = { ...after, changed: new Uint8Array(after.lines.length) };
  histogramDiff(left, right);
  slideChanges(left, right);
  slideChanges(right, left);
  return scriptOf(left.changed, right.changed);
}

function scriptOf(left: Uint8Array, right: Uint8Array): Change[] {
  const changes: Change[] = [];
  for (let start = 0, to = 0; start < left.length || to < right.length; start++, to++) {
    let count = 0;
    let toCount = 0;
    while (left[start + count] === 1) count++;
    while (right[to + toCount] === 1) toCount++;
    if (count + toCount > 0) changes.push({ start, count, to, toCount });
    start += count;
    to += toCount;
  }
  return changes;
}

/** Goes through both scripts side by side; changes that overlap or touch make a conflict. */
function pair(ours: Change[], theirs: Change[], isSame: (one: Change, other: Change) => boolean): MergeChunk[] {
  const chunks: MergeChunk[] = [];
  let [n, m, oursShift, theirsShift] = [0, 0, 0, 0];
  for (let mine = ours[n], other = theirs[m]; mine ?? other; mine = ours[n], other = theirs[m]) {
    if (mine && (!other || mine.start + mine.count < other.start)) {
      append(chunks, "ours", [mine.start, mine.count], [mine.to, mine.toCount], [mine.start + theirsShift, mine.count]);
      oursShift = mine.to + mine.toCount - mine.start - mine.count;
      n++;
      continue;
    }
    if (other && (!mine || other.start + other.count < mine.start)) {
      append(
        chunks,
        "theirs",
        [other.start, other.count],
        [other.start + oursShift, other.count],
        [other.to, other.toCount],
      );
      theirsShift = other.to + other.toCount - other.start - other.count;
      m++;
      continue;
    }
    if (!mine || !other) break;
    if (!isSame(mine, other)) appendConflict(chunks, mine, other);
    const mineEnd = mine.start + mine.count;
    const otherEnd = other.start + other.count;
    if (mineEnd >= otherEnd) {
      theirsShift = other.to + other.toCount - otherEnd;
      m++;
    }
    if (otherEnd >= mineEnd) {
      oursShift = mine.to + mine.toCount - mineEnd;
      n++;
    }
  }
  return chunks;
}

function appendConflict(chunks: MergeChunk[], mine: Change, other: Change): void {
  const start = Math.min(mine.start, other.start);
  const end = Math.max(mine.start + mine.count, other.start + other.count);
  const stretch = (change: Change): Stretch => {
    const from = change.to - (change.start - start);
    return [from, change.to + change.toCount + (end - change.start - change.count) - from];
  };
  append(chunks, "conflict", [start, end - start], stretch(mine), stretch(other));
}

type Stretch = readonly [start: number, count: number];

function append(chunks: MergeChunk[], kind: MergeChunk["kind"], base: Stretch, ours: Stretch, theirs: Stretch): void {
  const last = chunks.at(-1);
  if (last && (ours[0] <= last.oursStart + last.oursCount || theirs[0] <= last.theirsStart + last.theirsCount)) {
    if (kind !== last.kind) last.kind = "conflict";
    last.baseCount = base[0] + base[1] - last.baseStart;
    last.oursCount = ours[0] + ours[1] - last.oursStart;
    last.theirsCount = theirs[0] + theirs[1] - last.theirsStart;
    return;
  }
  const [baseStart, baseCount] = base;
  const [oursStart, oursCount] = ours;
  const [theirsStart, theirsCount] = theirs;
  chunks.push({ kind, baseStart, baseCount, oursStart, oursCount, theirsStart, theirsCount });
}

/** Compares both sides of a conflict: only what differs between them stays one. */
function refined(
  chunk: MergeChunk,
  ours: Lines,
  theirs: Lines,
  oursNumbers: Int32Array,
  theirsNumbers: Int32Array,
): MergeChunk[] {
  const { kind, oursStart, oursCount, theirsStart, theirsCount } = chunk;
  if (kind !== "conflict" || oursCount === 0 || theirsCount === 0) return [chunk];
  const part = (lines: Lines, numbers: Int32Array, start: number, count: number): Numbered => ({
    lines: lines.slice(start, start + count),
    numbers: numbers.subarray(start, start + count),
  });
  const changes = changesOf(
    part(ours, oursNumbers, oursStart, oursCount),
    part(theirs, theirsNumbers, theirsStart, theirsCount),
  );
  if (changes.length === 0) return [{ ...chunk, kind: "same" }];
  return changes.map(({ start, count, to, toCount }) => ({
    ...chunk,
    oursStart: oursStart + start,
    oursCount: count,
    theirsStart: theirsStart + to,
    theirsCount: toCount,
  }));
}

function joinClose(chunks: MergeChunk[]): MergeChunk[] {
  const joined: MergeChunk[] = [];
  for (const chunk of chunks) {
    const last = joined.at(-1);
    const isClose = last && chunk.oursStart - last.oursStart - last.oursCount <= CLOSE_LINES;
    if (isClose && last.kind === "conflict" && chunk.kind === "conflict") {
      last.oursCount = chunk.oursStart + chunk.oursCount - last.oursStart;
      last.theirsCount = chunk.theirsStart + chunk.theirsCount - last.theirsStart;
    } else joined.push({ ...chunk });
  }
  return joined;
}

/** Lines both sides begin or end with leave the conflict; the base stays whole. */
function trimmed(chunk: MergeChunk, ours: Int32Array, theirs: Int32Array): MergeChunk {
  const cut = { ...chunk };
  if (chunk.kind !== "conflict") return cut;
  while (cut.oursCount > 0 && cut.theirsCount > 0 && ours[cut.oursStart] === theirs[cut.theirsStart]) {
    cut.oursStart++;
    cut.theirsStart++;
    cut.oursCount--;
    cut.theirsCount--;
  }
  while (
    cut.oursCount > 0 &&
    cut.theirsCount > 0 &&
    ours[cut.oursStart + cut.oursCount - 1] === theirs[cut.theirsStart + cut.theirsCount - 1]
  ) {
    cut.oursCount--;
    cut.theirsCount--;
  }
  return cut;
}
