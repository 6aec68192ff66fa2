import type { ByteString } from "../bytes/byte-string.js";
import type { IndexEntry } from "./types.js";

/** Where the first entry is that does not come before this path and stage: between 0 and the number of entries. */
export function lowerBound(entries: readonly IndexEntry[], path: ByteString, stage = 0): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry && (entry.path < path || (entry.path === path && entry.stage < stage))) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entry of a path in one stage. */
export function entryAt(entries: readonly IndexEntry[], path: ByteString, stage = 0): IndexEntry | undefined {
  const entry = entries[lowerBound(entries, path, stage)];
  return entry?.path === path && entry.stage === stage ? entry : undefined;
}

/** All stages of a path, and of everything below it where it is a directory. */
export function entriesBelow(entries: readonly IndexEntry[], path: ByteString): readonly IndexEntry[] {
  if (path === "") return entries;
  const own = entries.slice(lowerBound(entries, path), lowerBound(entries, path, 4));
  // "0" is the character after "/".
  return [...own, ...entries.slice(lowerBound(entries, `${path}/`), lowerBound(entries, `${path}0`))];
}
