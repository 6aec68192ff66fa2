import type { ByteString } from "../bytes/byte-string.js";

/** A path as the Bloom filters of a commit-graph are asked for it: the hashes of the path and of the directories above it. */
export interface PathKeys {
  readonly signed: readonly PathHash[];
  readonly unsigned: readonly PathHash[];
}

interface PathHash {
  readonly first: number;
  readonly second: number;
}

const SEEDS = [0x293ae76f, 0x7e646e2c] as const;
const HEADER_BYTES = 12;

/** Which paths each commit of a commit-graph changed, as compared with its first parent: filters that know "certainly not". */
export interface ChangedPaths {
  /** False only if the commit at that index certainly did not change the path. */
  mayHaveChanged(index: number, path: PathKeys): boolean;
}

/** @returns undefined where the file has no filters, or some of a version that is not known */
export function readChangedPaths(
  index: Buffer | undefined,
  data: Buffer | undefined,
  count: number,
): ChangedPaths | undefined {
  if (index === undefined || data === undefined || index.length < count * 4 || data.length < HEADER_BYTES)
    return undefined;
  const version = data.readUInt32BE(0);
  const hashes = data.readUInt32BE(4);
  if ((version !== 1 && version !== 2) || hashes > 64) return undefined;
  const filters = data.subarray(HEADER_BYTES);
  return {
    mayHaveChanged(at, path) {
      const start = at === 0 ? 0 : index.readUInt32BE((at - 1) * 4);
      const end = index.readUInt32BE(at * 4);
      if (start >= end || end > filters.length) return true;
      return (version === 1 ? path.signed : path.unsigned).every((hash) => isIn(filters, start, end, hash, hashes));
    },
  };
}

/** Asks the filter between `start` and `end`: to make a Buffer of it would take longer. */
function isIn(filters: Buffer, start: number, end: number, { first, second }: PathHash, hashes: number): boolean {
  const bits = (end - start) * 8;
  for (let nth = 0; nth < hashes; nth++) {
    const bit = ((first + Math.imul(nth, second)) >>> 0) % bits;
    if (((filters[start + (bit >>> 3)] ?? 0) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

/** Of a path without slashes at its ends. */
export function pathKeys(path: ByteString): PathKeys {
  const names = path.split("/");
  const prefixes = names.map((_, index) => Buffer.from(names.slice(0, index + 1).join("/"), "latin1"));
  const hash = (bytes: Buffer, signed: boolean) => ({
    first: murmur3(SEEDS[0], bytes, signed),
    second: murmur3(SEEDS[1], bytes, signed),
  });
  return {
    signed: prefixes.map((bytes) => hash(bytes, true)),
    unsigned: prefixes.map((bytes) => hash(bytes, false)),
  };
}

/**
 * MurmurHash3, 32 bits.
 * @param signed as git first wrote it, with bytes above 127 taken for negative numbers; filters of version 1 are made so
 */
export function murmur3(seed: number, bytes: Buffer, signed: boolean): number {
  const byte = (at: number) => (signed ? ((bytes[at] ?? 0) << 24) >> 24 : (bytes[at] ?? 0));
  const whole = bytes.length & ~3;
  let hash = seed;
  for (let at = 0; at < whole; at += 4) {
    const block = byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
    hash = Math.imul(rotate(hash ^ mixed(block), 13), 5) + 0xe6546b64;
  }
  let rest = 0;
  for (let at = bytes.length - 1; at >= whole; at--) rest ^= byte(at) << (8 * (at - whole));
  if (bytes.length > whole) hash ^= mixed(rest);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const mixed = (block: number): number => Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));
