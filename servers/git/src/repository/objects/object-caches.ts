import { SizedCache } from "./sized-cache.js";
import type { GitObject } from "./types.js";

const MIB = 1024 * 1024;
/** What a Buffer takes besides its bytes, measured. */
const BUFFER = 600;

const costOf = ({ body }: GitObject): number => body.length + BUFFER;

/**
 * What object stores keep in memory, with one limit for all the stores of a process; several times as much makes nothing faster
 * that was measured. The numbers of stores and files keep repositories from seeing each other's objects.
 */
export class ObjectCaches {
  /** Whole objects besides blobs, by store and id. A search reads every blob once: to keep each a while doubled its memory. */
  readonly objects = new SizedCache<number, string, GitObject>(8 * MIB, costOf);
  /** Whole objects that deltas are made against, by file and offset. */
  readonly bases = new SizedCache<number, number, GitObject>(8 * MIB, costOf);
  /** Ranges of packs and their indexes, by file and offset. */
  readonly ranges = new SizedCache<number, number, Buffer>(8 * MIB, (bytes) => bytes.length + BUFFER);
  #last = 0;

  /** A number for a store or file that no other has. */
  number(): number {
    return ++this.#last;
  }
}
