import type { ObjectType } from "../object-id.js";
import type { PagedFile } from "./paged-file.js";

/** What a pack says of an object before its compressed bytes. */
export interface PackEntry {
  readonly offset: number;
  readonly type: ObjectType | "delta";
  /** Bytes when inflated: of the object, or of the delta. */
  readonly size: number;
  /** Where its compressed bytes begin. */
  readonly dataOffset: number;
  /** Where a delta's base is in the same pack, or its id (20 bytes). */
  readonly baseOffset?: number;
  readonly baseId?: Buffer;
}

const TYPES: readonly (ObjectType | undefined)[] = [undefined, "commit", "tree", "blob", "tag"];
const DELTA_BY_OFFSET = 6;
const DELTA_BY_ID = 7;
const ID_BYTES = 20;
/** Two numbers of variable length, or one and an id. */
const LONGEST_HEADER = 32;

/** @param end of the pack's objects @returns undefined for what cannot be an entry */
export function readPackEntry(pack: PagedFile, offset: number, end: number): PackEntry | undefined {
  if (offset < 12 || offset >= end) return undefined;
  const bytes = pack.read(offset, Math.min(LONGEST_HEADER, end - offset));
  let at = 0;
  let byte = bytes[at++] ?? 0;
  const kind = (byte >> 4) & 7;
  let size = byte & 15;
  for (let factor = 16; byte >= 0x80; factor *= 128) {
    if (at > 7) return undefined;
    byte = bytes[at++] ?? 0;
    size += (byte & 0x7f) * factor;
  }
  const type = TYPES[kind];
  if (type) return { offset, type, size, dataOffset: offset + at };
  if (kind === DELTA_BY_ID && at + ID_BYTES <= bytes.length) {
    const baseId = Buffer.from(bytes.subarray(at, at + ID_BYTES));
    return { offset, type: "delta", size, dataOffset: offset + at + ID_BYTES, baseId };
  }
  if (kind !== DELTA_BY_OFFSET) return undefined;
  const distance = readDistance(bytes, at);
  if (!distance || distance.value <= 0 || distance.value >= offset) return undefined;
  return { offset, type: "delta", size, dataOffset: offset + distance.at, baseOffset: offset - distance.value };
}

/** Seven bits a byte, the highest first; each further byte adds one, so that no distance has two spellings. */
function readDistance(bytes: Buffer, start: number): { value: number; at: number } | undefined {
  let value = -1;
  for (let at = start; at < start + 7; at++) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    value = (value + 1) * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, at: at + 1 };
  }
  return undefined;
}
