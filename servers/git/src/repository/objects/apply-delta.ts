/** Sizes that a delta begins with, in bytes. */
export interface DeltaSizes {
  readonly base: number;
  readonly result: number;
  /** Where its instructions begin. */
  readonly at: number;
}

/** @throws RangeError where it ends too soon or a size is beyond reason */
export function deltaSizes(delta: Uint8Array): DeltaSizes {
  const base = readSize(delta, 0);
  const result = readSize(delta, base.at);
  return { base: base.size, result: result.size, at: result.at };
}

/**
 * What a delta makes of its base: parts copied from there and new ones between.
 * @param most bytes of the result
 * @throws RangeError for a delta that is malformed or belongs to another base
 */
export function applyDelta(base: Buffer, delta: Buffer, most: number): Buffer {
  const sizes = deltaSizes(delta);
  if (sizes.base !== base.length || sizes.result > most) throw new RangeError("a delta that does not fit");
  const result = Buffer.allocUnsafe(sizes.result);
  let from = sizes.at;
  let to = 0;
  while (from < delta.length) {
    const instruction = delta[from++] ?? 0;
    if (instruction & 0x80) {
      // Each of the lower bits says that one byte of the offset (4) or of the length (3) follows.
      let offset = 0;
      let length = 0;
      if (instruction & 0x01) offset = delta[from++] ?? 0;
      if (instruction & 0x02) offset |= (delta[from++] ?? 0) << 8;
      if (instruction & 0x04) offset |= (delta[from++] ?? 0) << 16;
      if (instruction & 0x08) offset += (delta[from++] ?? 0) * 0x1000000;
      if (instruction & 0x10) length = delta[from++] ?? 0;
      if (instruction & 0x20) length |= (delta[from++] ?? 0) << 8;
      if (instruction & 0x40) length |= (delta[from++] ?? 0) << 16;
      if (length === 0) length = 0x10000;
      if (offset + length > base.length || to + length > result.length) throw new RangeError("a copy out of bounds");
      base.copy(result, to, offset, offset + length);
      to += length;
    } else {
      const end = from + instruction;
      if (instruction === 0 || end > delta.length || to + instruction > result.length) {
        throw new RangeError("an insertion out of bounds");
      }
      delta.copy(result, to, from, end);
      from = end;
      to += instruction;
    }
  }
  if (from !== delta.length || to !== result.length) throw new RangeError("a delta that ends too soon");
  return result;
}

/** Seven bits a byte, the lowest first. */
function readSize(bytes: Uint8Array, start: number): { size: number; at: number } {
  let size = 0;
  let factor = 1;
  for (let at = start; at < start + 7; at++, factor *= 128) {
    const byte = bytes[at];
    if (byte === undefined) break;
    size += (byte & 0x7f) * factor;
    if (byte < 0x80) return { size, at: at + 1 };
  }
  throw new RangeError("a delta without its sizes");
}
