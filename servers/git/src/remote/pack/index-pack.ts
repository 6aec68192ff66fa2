import { createHash } from "node:crypto";
import { ToolError } from "@mcp-reference/validation";
import type { ObjectId, ObjectType } from "../../repository/object-id.js";
import { Pace } from "../../repository/pace.js";
import { DeltaTree } from "./delta-tree.js";
import { type PackedEntry, packedCount, packedEntries, type ReadablePack } from "./pack-entries.js";

export const ID_BYTES = 20;
const MOST_OBJECTS = 10_000_000;

/** Objects of a pack in the order they are in it. */
export interface IndexedObjects {
  readonly count: number;
  /** 20 bytes each. */
  readonly ids: Buffer;
  readonly offsets: Float64Array;
  /** CRC-32 of each as it is stored. */
  readonly crcs: Uint32Array;
}

export interface IndexOptions {
  /** Bytes of one object, inflated. */
  readonly mostObjectBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Sees every object once. */
  readonly onObject: (type: ObjectType, content: Buffer, oid: ObjectId) => void;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Finds out what a pack holds: first the objects that are stored whole, in one pass over the file, then those stored as deltas,
 * from each base outwards. Memory is that of the tables (41 bytes an object) and of the bases in use.
 * @throws ToolError UPSTREAM for a pack that is malformed or refers to objects outside of itself; TOO_LARGE
 */
export async function indexPack(pack: ReadablePack, options: IndexOptions): Promise<IndexedObjects> {
  const count = packedCount(pack);
  if (count > MOST_OBJECTS)
    throw new ToolError("TOO_LARGE", `the remote sent ${count} objects; ${MOST_OBJECTS} is the most`);
  const objects = {
    count,
    ids: Buffer.alloc(count * ID_BYTES),
    offsets: new Float64Array(count),
    crcs: new Uint32Array(count),
  };
  const deltas = new DeltaTree(count);
  const pace = new Pace(options.signal);
  let known = 0;

  function identify(position: number, type: ObjectType, content: Buffer): void {
    const id = objectHash(type, content);
    id.copy(objects.ids, position * ID_BYTES);
    options.onObject(type, content, id.toString("hex"));
    if (++known % 1000 === 0) options.onProgress?.(known, count);
  }

  let position = 0;
  for (const entry of packedEntries(pack, options.mostObjectBytes)) {
    objects.offsets[position] = entry.offset;
    objects.crcs[position] = entry.crc;
    if (entry.type === "delta") deltas.add(position, basePosition(entry, objects.offsets, position));
    else identify(position, entry.type, entry.content);
    deltas.end(position, entry.end, entry.type);
    position++;
    if (pace.due()) await pace.pause();
  }
  for (const _object of deltas.resolve(pack, { ...options, objects, identify })) if (pace.due()) await pace.pause();
  if (known !== count)
    throw new ToolError("UPSTREAM", "the remote sent a pack that refers to objects outside of itself");
  return objects;
}

/** @returns position of the base in the pack, or its id */
function basePosition({ base }: PackedEntry, offsets: Float64Array, count: number): number | ObjectId {
  if (typeof base === "string") return base;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] ?? 0) < (base ?? 0)) low = middle + 1;
    else high = middle;
  }
  if (offsets[low] !== base) throw new ToolError("UPSTREAM", "the remote sent a malformed pack");
  return low;
}

function objectHash(type: ObjectType, content: Buffer): Buffer {
  return createHash("sha1").update(`${type} ${content.length}\0`, "latin1").update(content).digest();
}
