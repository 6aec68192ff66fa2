import { constants, inflateSync } from "node:zlib";
import { errnoOf } from "@mcp-reference/security";

/** Bytes of a zlib stream that surely yield the first twenty: the codes it begins with may take 300 alone. */
export const STREAM_BEGINNING = 512;

/**
 * Inflates the zlib stream that `bytes` begin with; what follows it is passed over.
 * @returns undefined where the stream goes on beyond `bytes`
 * @throws RangeError where it is malformed or does not make exactly `size` bytes
 */
export function inflateExactly(bytes: Buffer, size: number): Buffer | undefined {
  try {
    // One byte more than needed spares zlib a second round to notice that it is done. In one piece, as joining several takes
    // their size again; what is reserved but never written to takes no memory.
    const chunkSize = Math.max(64, size + 1);
    const inflated = inflateSync(bytes, { chunkSize, maxOutputLength: Math.max(size, 1) });
    if (inflated.length === size) return inflated;
  } catch (error) {
    if (errnoOf(error) === "Z_BUF_ERROR") return undefined;
  }
  throw new RangeError("not a zlib stream of this size");
}

/**
 * The first bytes of a zlib stream: all that can be made of its beginning.
 * @param bytes at most some hundred, as each may become a thousand
 * @throws RangeError where it is malformed
 */
export function inflateBeginning(bytes: Buffer): Buffer {
  try {
    return inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    throw new RangeError("not a zlib stream");
  }
}
