import { createHash } from "node:crypto";
import type { ByteString } from "../bytes/byte-string.js";
import { formatCacheTree } from "./cache-tree.js";
import {
  ASSUME_VALID,
  EXTENDED,
  FIXED_BYTES,
  INTENT_TO_ADD,
  NAME_LENGTH,
  SKIP_WORKTREE,
  STAGE_SHIFT,
} from "./index-entries.js";
import type { CachedTree, IndexEntry } from "./types.js";

/**
 * The bytes of an index file. Version 2 becomes 3 where an entry needs it, and 3 becomes 2 where none does.
 * @param entries in the order of the index
 */
export function formatIndex(
  version: 2 | 3 | 4,
  entries: readonly IndexEntry[],
  cacheTree: CachedTree | undefined,
): Buffer {
  const needsMore = entries.some((entry) => moreFlags(entry) !== 0);
  const written = version === 4 ? 4 : needsMore ? 3 : 2;
  const tree = cacheTree && formatCacheTree(cacheTree);
  const bytes = Buffer.alloc(mostBytes(entries) + (tree ? tree.length + 8 : 0) + 32);
  bytes.write("DIRC", 0, "latin1");
  bytes.writeUInt32BE(written, 4);
  bytes.writeUInt32BE(entries.length, 8);
  let offset = 12;
  let previous: ByteString = "";
  for (const entry of entries) {
    offset = writeEntry(bytes, offset, entry, written === 4 ? previous : undefined);
    previous = entry.path;
  }
  if (tree) {
    bytes.write("TREE", offset, "latin1");
    bytes.writeUInt32BE(tree.length, offset + 4);
    tree.copy(bytes, offset + 8);
    offset += 8 + tree.length;
  }
  createHash("sha1").update(bytes.subarray(0, offset)).digest().copy(bytes, offset);
  return bytes.subarray(0, offset + 20);
}

/** Room that suffices in every version. */
function mostBytes(entries: readonly IndexEntry[]): number {
  let total = 0;
  for (const entry of entries) total += FIXED_BYTES + 2 + entry.path.length + 10;
  return total;
}

const moreFlags = (entry: IndexEntry): number =>
  (entry.skipWorktree ? SKIP_WORKTREE : 0) | (entry.intentToAdd ? INTENT_TO_ADD : 0);

/** @param previous the path before it, where the version compresses paths. @returns where the next entry goes */
function writeEntry(bytes: Buffer, start: number, entry: IndexEntry, previous: ByteString | undefined): number {
  const { stat, path } = entry;
  const words = [
    stat.ctimeSeconds,
    stat.ctimeNanoseconds,
    stat.mtimeSeconds,
    stat.mtimeNanoseconds,
    stat.dev,
    stat.ino,
    entry.mode,
    stat.uid,
    stat.gid,
    stat.size,
  ];
  let at = start;
  for (const word of words) at = bytes.writeUInt32BE(word, at);
  at += bytes.write(entry.oid, at, "hex");
  const more = moreFlags(entry);
  at = bytes.writeUInt16BE(
    (entry.assumeValid ? ASSUME_VALID : 0) |
      (more ? EXTENDED : 0) |
      (entry.stage << STAGE_SHIFT) |
      Math.min(path.length, NAME_LENGTH),
    at,
  );
  if (more) at = bytes.writeUInt16BE(more, at);
  if (previous === undefined) {
    at += bytes.write(path, at, "latin1");
    return start + ((at - start + 8) & ~7);
  }
  const shared = sharedLength(previous, path);
  at = writeVarint(bytes, at, previous.length - shared);
  at += bytes.write(path.slice(shared), at, "latin1");
  return at + 1;
}

function sharedLength(a: ByteString, b: ByteString): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

/** Seven bits a byte, the highest first; each byte but the last stands for one more than it says. */
function writeVarint(bytes: Buffer, at: number, value: number): number {
  const reversed = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) reversed.push(0x80 | (--rest & 0x7f));
  let offset = at;
  for (const byte of reversed.reverse()) offset = bytes.writeUInt8(byte, offset);
  return offset;
}
