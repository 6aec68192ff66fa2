import { LRUCache } from "lru-cache";
import type { GitObject } from "./types.js";

const MIB = 1024 * 1024;
/** What an entry costs besides its bytes. */
const OVERHEAD = 200;
/** Larger ones would push everything else out. */
const MOST_OF_ONE = 4 * MIB;

/**
 * What object stores keep in memory, with one limit for all the stores of a process.
 * Keys begin with the number of the store or file: repositories must not see each other's objects.
 */
export class ObjectCaches {
  /** Whole objects, by `store:oid`. */
  readonly objects = cacheOf<GitObject>(32 * MIB, ({ body }) => body.length);
  /** Whole objects that deltas are made against, by `file:offset`. */
  readonly bases = cacheOf<GitObject>(24 * MIB, ({ body }) => body.length);
  /** Ranges of packs and their indexes, by `file:offset`. */
  readonly ranges = cacheOf<Buffer>(32 * MIB, (bytes) => bytes.length);
  #last = 0;

  /** A number for a store or file that no other has. */
  number(): number {
    return ++this.#last;
  }
}

const cacheOf = <Value extends object>(maxSize: number, bytesOf: (value: Value) => number): LRUCache<string, Value> =>
  new LRUCache({ maxSize, maxEntrySize: MOST_OF_ONE, sizeCalculation: (value) => bytesOf(value) + OVERHEAD });
