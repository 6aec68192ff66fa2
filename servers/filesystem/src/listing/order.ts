import type { DirectoryEntry } from "./read-directory.js";

/** By name in order of UTF-16 code units, the same everywhere; or the largest or latest first, equal ones by name. */
export type Order = "name" | "size" | "modified";

/** What comes before the name in the order; smaller is earlier. */
export function keyOf({ size = 0, mtimeMs = 0 }: DirectoryEntry, order: Order): number {
  if (order === "name") return 0;
  return order === "size" ? -size : -mtimeMs;
}

export function sortEntries(entries: readonly DirectoryEntry[], order: Order): DirectoryEntry[] {
  return entries.toSorted((a, b) => keyOf(a, order) - keyOf(b, order) || compareNames(a.name, b.name));
}

/** How many of the sorted entries come up to and with a key and name. */
export function countUpTo(
  sorted: readonly DirectoryEntry[],
  [key, name]: readonly [key: number, name: string],
  order: Order,
): number {
  const next = sorted.findIndex((entry) => (keyOf(entry, order) - key || compareNames(entry.name, name)) > 0);
  return next < 0 ? sorted.length : next;
}

const compareNames = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
