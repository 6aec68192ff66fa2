import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import type { ObjectId, ObjectType } from "../../repository/object-id.js";
import type { ObjectStore } from "../../repository/objects/types.js";

const TYPES: Record<ObjectType, number> = { commit: 1, tree: 2, blob: 3, tag: 4 };
/** Larger ones are compressed in another thread. */
const deflateAside = promisify(deflate);
/** Small parts are sent together. */
const PIECE_BYTES = 64 * 1024;

/**
 * A pack of some objects, in pieces as it is made: each stored whole, so that no more than one is held in memory.
 * @throws ToolError as the store does
 */
export async function* buildPack(
  objects: ObjectStore,
  ids: readonly ObjectId[],
  onProgress?: (done: number, total: number) => void,
): AsyncGenerator<Buffer> {
  const hash = createHash("sha1");
  let parts: Buffer[] = [packHeader(ids.length)];
  let bytes = 0;
  for (const [position, oid] of ids.entries()) {
    const { type, body } = objects.read(oid);
    const packed = await deflateAside(body);
    parts.push(entryHeader(type, body.length), packed);
    bytes += packed.length;
    if (bytes < PIECE_BYTES) continue;
    const piece = Buffer.concat(parts);
    hash.update(piece);
    yield piece;
    parts = [];
    bytes = 0;
    onProgress?.(position + 1, ids.length);
  }
  const rest = Buffer.concat(parts);
  yield Buffer.concat([rest, hash.update(rest).digest()]);
}

function packHeader(count: number): Buffer {
  const header = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  header.writeUInt32BE(count, 8);
  return header;
}

/** Type and size: four bits of it, then seven bits a byte. */
function entryHeader(type: ObjectType, size: number): Buffer {
  const bytes: number[] = [];
  let byte = (TYPES[type] << 4) | (size & 15);
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(byte | 0x80);
    byte = rest & 0x7f;
  }
  return Buffer.from([...bytes, byte]);
}
