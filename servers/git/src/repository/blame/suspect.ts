import type { ByteString } from "../bytes/byte-string.js";
import type { LineChange } from "../diff/types.js";
import type { ObjectId } from "../object-id.js";

/** Lines whose origin is sought; counted from 0. */
export interface Segment {
  /** First line in the file that was asked about. */
  readonly line: number;
  /** First line in the suspect. */
  readonly from: number;
  readonly count: number;
}

/** A version of the file at a path, and the lines that it may have brought in. */
export interface Suspect {
  readonly path: ByteString;
  readonly mode: number;
  readonly blob: ObjectId;
  segments: readonly Segment[];
  previous: { readonly commit: ObjectId; readonly path: ByteString } | undefined;
}

/**
 * Tells the lines that a parent has too from those that it has not.
 * @param changes from the parent to the suspect
 */
export function divide(
  segments: readonly Segment[],
  changes: readonly LineChange[],
): { inherited: Segment[]; own: Segment[] } {
  const inherited: Segment[] = [];
  const own: Segment[] = [];
  for (const segment of segments) {
    const { from } = segment;
    const end = from + segment.count;
    let next = firstEndingAfter(changes, from);
    for (let at = from; at < end; ) {
      const before = changes[next - 1];
      const change = changes[next++];
      const same = Math.min(end, change?.afterStart ?? end);
      if (same > at) inherited.push(part(segment, at, same, before ? before.beforeEnd - before.afterEnd : 0));
      const changed = Math.min(end, change?.afterEnd ?? end);
      if (changed > Math.max(at, same)) own.push(part(segment, Math.max(at, same), changed, 0));
      at = Math.max(same, changed);
    }
  }
  return { inherited, own };
}

/** Lines `[start, end)` of a segment, which another version has `shift` lines below. */
function part(segment: Segment, start: number, end: number, shift: number): Segment {
  if (shift === 0 && end - start === segment.count) return segment;
  return { line: segment.line + start - segment.from, from: start + shift, count: end - start };
}

/** Index of the first change that ends behind a line; deletions right before the line do not. */
function firstEndingAfter(changes: readonly LineChange[], line: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.afterEnd ?? 0) > line) high = middle;
    else low = middle + 1;
  }
  return low;
}
