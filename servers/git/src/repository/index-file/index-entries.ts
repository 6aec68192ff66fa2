import type { ByteString } from "../bytes/byte-string.js";
import { damagedIndex } from "./damaged-index.js";
import type { IndexEntry } from "./types.js";

/** Flags of an entry: two bytes each. */
export const ASSUME_VALID = 0x8000;
export const EXTENDED = 0x4000;
export const STAGE_SHIFT = 12;
export const NAME_LENGTH = 0x0fff;
export const SKIP_WORKTREE = 0x4000;
export const INTENT_TO_ADD = 0x2000;

/** Bytes of an entry before its path: ten words of stat and mode, the object's id, the flags. */
export const FIXED_BYTES = 62;

/** Bytes of a path: what systems take. Bounds the depth of directories too. */
const LONGEST_PATH = 4096;

/** Characters of all paths together: version 4 repeats the start of a path at no cost in bytes. */
const MOST_PATH_BYTES = 2 ** 28;

export interface EntryList {
  readonly entries: IndexEntry[];
  /** Where the extensions start. */
  readonly end: number;
}

/**
 * Reads the entries as they stand in the file.
 * @param end where the checksum starts: nothing is read from there on
 * @throws ToolError UPSTREAM
 */
export function parseEntries(bytes: Buffer, version: number, count: number, end: number): EntryList {
  // So that a hostile count is refused before memory is taken for it.
  if (count * FIXED_BYTES > end) throw damagedIndex("counts more entries than it has room for");
  const entries: IndexEntry[] = new Array(count);
  let offset = 12;
  let previous: ByteString = "";
  let pathBytes = 0;
  for (let i = 0; i < count; i++) {
    const nameAt = nameOffset(bytes, offset, version, end);
    const name = version === 4 ? prefixedName(bytes, nameAt, previous, end) : paddedName(bytes, nameAt, offset, end);
    pathBytes += name.path.length;
    if (name.path.length > LONGEST_PATH || pathBytes > MOST_PATH_BYTES)
      throw damagedIndex("has paths that are too long");
    entries[i] = entryAt(bytes, offset, name.path);
    previous = name.path;
    offset = name.next;
  }
  return { entries, end: offset };
}

function nameOffset(bytes: Buffer, offset: number, version: number, end: number): number {
  if (offset + FIXED_BYTES + 2 > end) throw damagedIndex("ends within an entry");
  const isExtended = (bytes.readUInt16BE(offset + 60) & EXTENDED) !== 0;
  if (isExtended && version === 2) throw damagedIndex("has extended flags, which its version does not know");
  return offset + FIXED_BYTES + (isExtended ? 2 : 0);
}

/** Versions 2 and 3: the path ends with 1 to 8 zeros, up to a multiple of 8 bytes. */
function paddedName(bytes: Buffer, start: number, entry: number, end: number): { path: ByteString; next: number } {
  const stop = pathEnd(bytes, start, end);
  return { path: bytes.toString("latin1", start, stop), next: entry + ((stop - entry + 8) & ~7) };
}

/** Version 4: how many bytes of the previous path to drop, then what follows, up to a zero. */
function prefixedName(
  bytes: Buffer,
  start: number,
  previous: ByteString,
  end: number,
): { path: ByteString; next: number } {
  let at = start;
  let byte = bytes[at++] ?? 0;
  let drop = byte & 0x7f;
  while (byte & 0x80) {
    if (drop > MOST_PATH_BYTES || at >= end) throw damagedIndex("drops more of a path than there is");
    byte = bytes[at++] ?? 0;
    drop = (drop + 1) * 128 + (byte & 0x7f);
  }
  if (drop > previous.length) throw damagedIndex("drops more of a path than there is");
  const stop = pathEnd(bytes, at, end);
  return { path: previous.slice(0, previous.length - drop) + bytes.toString("latin1", at, stop), next: stop + 1 };
}

function pathEnd(bytes: Buffer, start: number, end: number): number {
  const stop = bytes.indexOf(0, start);
  if (stop === -1 || stop >= end) throw damagedIndex("ends within a path");
  return stop;
}

function entryAt(bytes: Buffer, at: number, path: ByteString): IndexEntry {
  const flags = bytes.readUInt16BE(at + 60);
  const more = flags & EXTENDED ? bytes.readUInt16BE(at + 62) : 0;
  return {
    path,
    mode: bytes.readUInt32BE(at + 24),
    oid: bytes.toString("hex", at + 40, at + 60),
    stage: (flags >> STAGE_SHIFT) & 3,
    stat: {
      ctimeSeconds: bytes.readUInt32BE(at),
      ctimeNanoseconds: bytes.readUInt32BE(at + 4),
      mtimeSeconds: bytes.readUInt32BE(at + 8),
      mtimeNanoseconds: bytes.readUInt32BE(at + 12),
      dev: bytes.readUInt32BE(at + 16),
      ino: bytes.readUInt32BE(at + 20),
      uid: bytes.readUInt32BE(at + 28),
      gid: bytes.readUInt32BE(at + 32),
      size: bytes.readUInt32BE(at + 36),
    },
    assumeValid: (flags & ASSUME_VALID) !== 0,
    skipWorktree: (more & SKIP_WORKTREE) !== 0,
    intentToAdd: (more & INTENT_TO_ADD) !== 0,
  };
}
