/** Content cut after each line feed; the last line may lack one. */
export interface Lines {
  readonly content: Buffer;
  readonly count: number;
  /** Where each line starts, in bytes, and after them where the last one ends: `count + 1` offsets. */
  readonly starts: Int32Array;
}

const LINE_FEED = 0x0a;

/** Bytes a line is guessed to have; a wrong guess costs a copy. */
const USUAL_LINE = 24;

export function splitLines(content: Buffer): Lines {
  let starts = new Int32Array(16 + Math.ceil(content.length / USUAL_LINE));
  let count = 0;
  for (let at = 0; at < content.length; count++) {
    if (count + 1 >= starts.length) starts = grown(starts);
    starts[count] = at;
    const feed = content.indexOf(LINE_FEED, at);
    at = feed < 0 ? content.length : feed + 1;
  }
  starts[count] = content.length;
  return { content, count, starts: starts.subarray(0, count + 1) };
}

/** The first `count` lines. */
export const firstLines = ({ content, starts }: Lines, count: number): Lines => ({
  content: content.subarray(0, starts[count]),
  count,
  starts: starts.subarray(0, count + 1),
});

/** How many lines are the same from given lines on. */
export function commonLines(one: Lines, from: number, other: Lines, otherFrom: number): number {
  const start = one.starts[from] ?? 0;
  const otherStart = other.starts[otherFrom] ?? 0;
  const bytes = commonBytes(one.content, start, other.content, otherStart);
  const within = linesWithin(one, start + bytes) - from;
  return Math.max(0, Math.min(within, linesWithin(other, otherStart + bytes) - otherFrom));
}

/** Whole lines in the first `bytes` bytes. */
export function linesWithin({ starts, count }: Lines, bytes: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= bytes) low = middle;
    else high = middle - 1;
  }
  return low;
}

const BLOCK = 1024;
const SMALL_BLOCK = 64;

/** Bytes that are the same from given places on. */
function commonBytes(one: Buffer, from: number, other: Buffer, otherFrom: number): number {
  const most = Math.min(one.length - from, other.length - otherFrom);
  let same = 0;
  for (const block of [BLOCK, SMALL_BLOCK]) {
    while (same + block <= most && isSameBlock(one, from + same, other, otherFrom + same, block)) same += block;
  }
  while (same < most && one[from + same] === other[otherFrom + same]) same++;
  return same;
}

const isSameBlock = (one: Buffer, at: number, other: Buffer, otherAt: number, length: number): boolean =>
  one[at] === other[otherAt] && one.compare(other, otherAt, otherAt + length, at, at + length) === 0;

/** Bytes that both end with, in whole blocks of 1024. */
export function commonEndBlocks(one: Buffer, other: Buffer): number {
  const shorter = Math.min(one.length, other.length);
  let bytes = 0;
  for (;;) {
    const next = bytes + BLOCK;
    if (next > shorter || !isSameBlock(one, one.length - next, other, other.length - next, BLOCK)) return bytes;
    bytes = next;
  }
}

/** A copy with twice the room. */
export function grown(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
