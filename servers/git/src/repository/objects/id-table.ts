import type { ObjectId } from "../object-id.js";
import { damaged } from "./damaged.js";
import type { PagedFile } from "./paged-file.js";

const ID_BYTES = 20;
export const FANOUT_BYTES = 256 * 4;
/** Ids with one first byte that are searched in memory; in a repository with more (6 million objects) they are read in pages. */
const LARGEST_BUCKET = 512 * 1024;

/** Where a sorted table of object ids is in its file. */
export interface IdTablePlace {
  /** 256 counts of ids whose first byte is at most n. */
  readonly fanoutAt: number;
  readonly idsAt: number;
  /** Bytes from one id to the next. */
  readonly stride: number;
}

/** A sorted table of object ids, as in `.idx` and multi-pack-index files. */
export class IdTable {
  readonly count: number;
  readonly #file: PagedFile;
  readonly #place: IdTablePlace;
  readonly #fanout: Uint32Array;

  /** @throws ToolError UPSTREAM where the table is cut off or its counts go down */
  constructor(file: PagedFile, place: IdTablePlace) {
    this.#file = file;
    this.#place = place;
    this.#fanout = readFanout(file.read(place.fanoutAt, FANOUT_BYTES));
    this.count = this.#fanout[255] ?? 0;
    if (place.idsAt + this.count * place.stride > file.size) throw damaged("a pack index is cut off");
  }

  /** Position of an id (20 bytes), -1 where it is not in the table. */
  find(id: Buffer): number {
    const position = this.#lowerBound(id, ID_BYTES);
    return position >= 0 && this.#compare(position, id, ID_BYTES) === 0 ? position : -1;
  }

  /** Ids that start with `prefix` (hexadecimal, 2 digits or more); no more than `most`. */
  matching(prefix: string, most: number): ObjectId[] {
    const lowest = Buffer.from(prefix.padEnd(ID_BYTES * 2, "0"), "hex");
    const ids: ObjectId[] = [];
    for (let at = this.#lowerBound(lowest, ID_BYTES); at >= 0 && at < this.count && ids.length < most; at++) {
      const id = this.#idAt(at).toString("hex", 0, ID_BYTES);
      if (!id.startsWith(prefix)) break;
      ids.push(id);
    }
    return ids;
  }

  /** First position whose id is not less than `id`. */
  #lowerBound(id: Buffer, length: number): number {
    const first = id[0] ?? 0;
    const start = first === 0 ? 0 : (this.#fanout[first - 1] ?? 0);
    let low = start;
    let high = this.#fanout[first] ?? 0;
    const bucket = this.#bucket(low, high);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = bucket
        ? compareAt(bucket, (middle - start) * this.#place.stride, id, length)
        : this.#compare(middle, id, length);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #bucket(start: number, end: number): Buffer | undefined {
    const { idsAt, stride } = this.#place;
    const bytes = (end - start) * stride;
    if (bytes === 0 || bytes > LARGEST_BUCKET) return undefined;
    // The last id of a table with other columns between ids may be the last thing in its file.
    return this.#file.keep(idsAt + start * stride, bytes - stride + ID_BYTES);
  }

  #compare(position: number, id: Buffer, length: number): number {
    return position < this.count ? compareAt(this.#idAt(position), 0, id, length) : 1;
  }

  #idAt(position: number): Buffer {
    return this.#file.read(this.#place.idsAt + position * this.#place.stride, ID_BYTES);
  }
}

function compareAt(table: Buffer, at: number, id: Buffer, length: number): number {
  for (let i = 0; i < length; i++) {
    const difference = (table[at + i] ?? 0) - (id[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function readFanout(bytes: Buffer): Uint32Array {
  const fanout = new Uint32Array(256);
  let before = 0;
  for (let i = 0; i < 256; i++) {
    const count = bytes.readUInt32BE(i * 4);
    if (count < before) throw damaged("a pack index is not in order");
    fanout[i] = before = count;
  }
  return fanout;
}
