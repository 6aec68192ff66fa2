import type { BigIntStats } from "node:fs";
import type { ObjectId } from "../object-id.js";
import type { FileStat } from "./file-stat.js";
import type { IndexEntry, IndexStat } from "./types.js";

const WORD = 2 ** 32;
const NANOSECONDS = 1_000_000_000n;

/**
 * Milliseconds by which a file must be older than the index to be trusted: clocks of file systems tick every 1 to 10 ms,
 * and a file that changed twice within a tick shows nothing of it.
 */
const TICK_MS = 100;

/** Of an entry whose file was never looked at: no file equals it, so its content is compared. */
export const NO_STAT: IndexStat = {
  ctimeSeconds: 0,
  ctimeNanoseconds: 0,
  mtimeSeconds: 0,
  mtimeNanoseconds: 0,
  dev: 0,
  ino: 0,
  uid: 0,
  gid: 0,
  size: 0,
};

/** What the index keeps of `lstat(path, { bigint: true })`. */
export const statOf = (stats: BigIntStats): IndexStat => ({
  ctimeSeconds: wordOf(stats.ctimeNs / NANOSECONDS),
  ctimeNanoseconds: wordOf(stats.ctimeNs % NANOSECONDS),
  mtimeSeconds: wordOf(stats.mtimeNs / NANOSECONDS),
  mtimeNanoseconds: wordOf(stats.mtimeNs % NANOSECONDS),
  dev: wordOf(stats.dev),
  ino: wordOf(stats.ino),
  uid: wordOf(stats.uid),
  gid: wordOf(stats.gid),
  size: wordOf(stats.size),
});

const wordOf = (value: bigint): number => Number(BigInt.asUintN(32, value));

/**
 * Is the file still the one of which the index tells? Takes plain numbers, which `lstat` makes faster than bigints: times are
 * rounded on both sides alike, to a quarter of a microsecond. The device is left out as git does: it changes with each mount.
 */
export const sameStat = (kept: IndexStat, now: FileStat): boolean =>
  kept.mtimeSeconds * 1000 + kept.mtimeNanoseconds / 1e6 === now.mtimeMs &&
  kept.size === now.size % WORD &&
  kept.ctimeSeconds * 1000 + kept.ctimeNanoseconds / 1e6 === now.ctimeMs &&
  kept.ino === now.ino % WORD &&
  kept.uid === now.uid &&
  kept.gid === now.gid;

/**
 * May the file have changed after it was looked at without its stat telling? So it is when it is as young as the index.
 * @param writtenAt when the index was written, in nanoseconds
 */
export const isRacy = (stat: IndexStat, writtenAt: bigint): boolean =>
  stat.mtimeSeconds * 1000 + stat.mtimeNanoseconds / 1e6 >= Number(writtenAt) / 1e6 - TICK_MS;

const EMPTY_BLOB: ObjectId = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

/**
 * Does the file hold what its entry says, to be known without reading it? Types and modes are not looked at.
 * @param writtenAt when the index was written, in nanoseconds
 */
export const isUntouched = (entry: IndexEntry, now: FileStat, writtenAt: bigint): boolean =>
  sameStat(entry.stat, now) &&
  !isRacy(entry.stat, writtenAt) &&
  // A size of 0 marks an entry that was not to be trusted when the index was written.
  (entry.stat.size !== 0 || entry.oid === EMPTY_BLOB);
