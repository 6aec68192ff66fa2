import { createHash } from "node:crypto";
import { Pace } from "../../repository/pace.js";
import { ID_BYTES, type IndexedObjects } from "./index-pack.js";

const MAGIC = Buffer.from("\xfftOc\0\0\0\x02", "latin1");
const BUCKETS = 256;
/** Offsets from here on are in a table of their own. */
const LARGE_OFFSET = 2 ** 31;

/** The `.idx` (version 2) of a pack, in parts. @param packChecksum the 20 bytes that the pack ends with */
export async function packIndexFile(
  objects: IndexedObjects,
  packChecksum: Buffer,
  signal?: AbortSignal,
): Promise<Buffer[]> {
  const order = await sortedById(objects, signal);
  const parts = [
    MAGIC,
    fanout(objects),
    idTable(objects, order),
    crcTable(objects, order),
    ...offsetTables(objects, order),
  ];
  parts.push(packChecksum);
  const hash = createHash("sha1");
  for (const part of parts) hash.update(part);
  return [...parts, hash.digest()];
}

/** Positions in the order of their ids: by first byte, then each of those sorted. */
async function sortedById({ count, ids }: IndexedObjects, signal?: AbortSignal): Promise<Uint32Array> {
  const pace = new Pace(signal);
  const order = new Uint32Array(count);
  const next = starts(counts({ count, ids }));
  for (let position = 0; position < count; position++) {
    const first = ids[position * ID_BYTES] ?? 0;
    order[next[first] ?? 0] = position;
    next[first] = (next[first] ?? 0) + 1;
  }
  let start = 0;
  for (const end of next) {
    order.subarray(start, end).sort((a, b) => compareIds(ids, a, b));
    start = end;
    if (pace.due()) await pace.pause();
  }
  return order;
}

const compareIds = (ids: Buffer, a: number, b: number): number =>
  ids.compare(ids, b * ID_BYTES, (b + 1) * ID_BYTES, a * ID_BYTES, (a + 1) * ID_BYTES);

/** How many ids begin with each byte. */
function counts({ count, ids }: Pick<IndexedObjects, "count" | "ids">): Uint32Array {
  const found = new Uint32Array(BUCKETS);
  for (let position = 0; position < count; position++) {
    const first = ids[position * ID_BYTES] ?? 0;
    found[first] = (found[first] ?? 0) + 1;
  }
  return found;
}

/** Where those that begin with each byte start, when sorted. */
function starts(found: Uint32Array): Uint32Array {
  const places = new Uint32Array(BUCKETS);
  for (let byte = 1; byte < BUCKETS; byte++) places[byte] = (places[byte - 1] ?? 0) + (found[byte - 1] ?? 0);
  return places;
}

function fanout(objects: IndexedObjects): Buffer {
  const table = Buffer.alloc(BUCKETS * 4);
  let sum = 0;
  for (const [byte, found] of counts(objects).entries()) {
    sum += found;
    table.writeUInt32BE(sum, byte * 4);
  }
  return table;
}

function idTable({ count, ids }: IndexedObjects, order: Uint32Array): Buffer {
  const table = Buffer.allocUnsafeSlow(count * ID_BYTES);
  for (const [at, position] of order.entries()) {
    ids.copy(table, at * ID_BYTES, position * ID_BYTES, (position + 1) * ID_BYTES);
  }
  return table;
}

function crcTable({ count, crcs }: IndexedObjects, order: Uint32Array): Buffer {
  const table = Buffer.allocUnsafeSlow(count * 4);
  for (const [at, position] of order.entries()) table.writeUInt32BE(crcs[position] ?? 0, at * 4);
  return table;
}

function offsetTables({ count, offsets }: IndexedObjects, order: Uint32Array): [small: Buffer, large: Buffer] {
  const small = Buffer.allocUnsafeSlow(count * 4);
  const large: bigint[] = [];
  for (const [at, position] of order.entries()) {
    const offset = offsets[position] ?? 0;
    if (offset < LARGE_OFFSET) small.writeUInt32BE(offset, at * 4);
    else small.writeUInt32BE(LARGE_OFFSET + large.push(BigInt(offset)) - 1, at * 4);
  }
  const table = Buffer.alloc(large.length * 8);
  for (const [at, offset] of large.entries()) table.writeBigUInt64BE(offset, at * 8);
  return [small, table];
}
