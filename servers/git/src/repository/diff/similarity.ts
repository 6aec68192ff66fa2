import { isBinary } from "./binary-content.js";

/** A score for content that is the same; git counts in 60000ths. */
export const SAME = 60_000;

/** How much content a file has of what: hashes of its pieces, and for each the bytes in such pieces. */
export interface Fingerprint {
  readonly size: number;
  readonly hashes: Int32Array;
  readonly bytes: Int32Array;
}

const LONGEST_PIECE = 64;
const HASHES = 107_927;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Room to count in, cleared by every user; a call takes turns with no other. */
const bytesByHash = new Int32Array(HASHES);

/**
 * Cuts content after each line feed and each 64 bytes and counts the pieces by hash. As in git before 2.44 a last piece that is
 * cut off by the end of the file does not count.
 */
export function fingerprint(content: Buffer): Fingerprint {
  const skipsReturns = !isBinary(content);
  const hashes: number[] = [];
  let low = 0;
  let high = 0;
  let length = 0;
  for (let at = 0; at < content.length; at++) {
    const byte = content[at] ?? 0;
    if (skipsReturns && byte === CARRIAGE_RETURN && content[at + 1] === LINE_FEED) continue;
    const carried = low >>> 25;
    low = ((low << 7) ^ (high >>> 25)) + byte;
    high = (high << 7) ^ carried;
    if (++length < LONGEST_PIECE && byte !== LINE_FEED) continue;
    const hash = ((low + Math.imul(high, 0x61)) >>> 0) % HASHES;
    const counted = bytesByHash[hash] ?? 0;
    if (counted === 0) hashes.push(hash);
    bytesByHash[hash] = counted + length;
    low = high = length = 0;
  }
  const bytes = Int32Array.from(hashes, (hash) => bytesByHash[hash] ?? 0);
  for (const hash of hashes) bytesByHash[hash] = 0;
  return { size: content.length, hashes: Int32Array.from(hashes), bytes };
}

/** Can files of these sizes be as similar as that? */
export function sizesAllow(one: number, other: number, leastScore: number): boolean {
  const larger = Math.max(one, other);
  return larger * (SAME - leastScore) >= Math.abs(one - other) * SAME;
}

/** The file that others are being compared with, and its bytes by hash: it is looked up far more often than it changes. */
const bytesOfLoaded = new Int32Array(HASHES);
let loaded: Fingerprint | undefined;

function load(file: Fingerprint): void {
  if (loaded === file) return;
  for (const hash of loaded?.hashes ?? []) bytesOfLoaded[hash] = 0;
  for (let at = 0; at < file.hashes.length; at++) bytesOfLoaded[file.hashes[at] ?? 0] = file.bytes[at] ?? 0;
  loaded = file;
}

/** How much of the content of the larger file both have, of {@link SAME}. Fast for one `after` many times in a row. */
export function similarity(before: Fingerprint, after: Fingerprint): number {
  if (after.size === 0) return 0;
  load(after);
  const { hashes, bytes } = before;
  let common = 0;
  for (let at = 0; at < hashes.length; at++) {
    common += Math.min(bytes[at] ?? 0, bytesOfLoaded[hashes[at] ?? 0] ?? 0);
  }
  return Math.floor((common * SAME) / Math.max(before.size, after.size));
}
