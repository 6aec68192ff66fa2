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

/** Lines that both start with. */
export function commonStart(one: Lines, other: Lines): number {
  const bytes = commonStartBytes(one.content, other.content);
  return Math.min(linesWithin(one, bytes), linesWithin(other, bytes));
}

/** Lines that both end with, of those that are left after `start` lines. */
export function commonEnd(one: Lines, other: Lines, start: number): number {
  const bytes = commonEndBytes(one.content, other.content);
  const lines = Math.min(linesAfter(one, one.content.length - bytes), linesAfter(other, other.content.length - bytes));
  return Math.min(lines, one.count - start, other.count - start);
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

/** Lines that start at byte `from` or later. */
function linesAfter(lines: Lines, from: number): number {
  const before = linesWithin(lines, from);
  return lines.count - (lines.starts[before] === from ? before : before + 1);
}

const BLOCK = 1024;

function commonStartBytes(one: Buffer, other: Buffer): number {
  const shorter = Math.min(one.length, other.length);
  let at = 0;
  while (at + BLOCK <= shorter && one.compare(other, at, at + BLOCK, at, at + BLOCK) === 0) at += BLOCK;
  while (at < shorter && one[at] === other[at]) at++;
  return at;
}

function commonEndBytes(one: Buffer, other: Buffer): number {
  const shorter = Math.min(one.length, other.length);
  let bytes = commonEndBlocks(one, other);
  while (bytes < shorter && one[one.length - bytes - 1] === other[other.length - bytes - 1]) bytes++;
  return bytes;
}

/** Bytes that both end with, in whole blocks of 1024. */
export function commonEndBlocks(one: Buffer, other: Buffer): number {
  const shorter = Math.min(one.length, other.length);
  const sameBlock = (bytes: number) => {
    const a = one.length - bytes;
    const b = other.length - bytes;
    return one.compare(other, b - BLOCK, b, a - BLOCK, a) === 0;
  };
  let bytes = 0;
  while (bytes + BLOCK <= shorter && sameBlock(bytes)) bytes += BLOCK;
  return bytes;
}

/** A copy with twice the room. */
export function grown(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
