import { ToolError } from "@mcp-reference/validation";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { IdSet } from "./id-set.js";
import { ID_BYTES, indexPack } from "./index-pack.js";
import { packIndexFile } from "./pack-index-file.js";
import { ReceivedPack } from "./received-pack.js";
import { References } from "./references.js";

/** Bytes between two reports. */
const PROGRESS_BYTES = 1024 ** 2;
/** Of one object, inflated. */
const MOST_OBJECT_BYTES = 256 * 1024 ** 2;

export interface ReceiveOptions {
  /** Commits whose parents are not expected to be there. */
  readonly shallow: readonly ObjectId[];
  readonly signal?: AbortSignal | undefined;
  /** Told of bytes while they arrive, then of objects that are checked. */
  readonly onProgress?: ((done: number, total: number | undefined, what: string) => void) | undefined;
}

/**
 * Takes a pack into the repository, when it is whole and everything that its objects need is in it or was here before.
 * Until then nobody sees it, and when something is wrong nothing of it stays.
 * @returns its size in bytes and how many objects are in it
 * @throws ToolError UPSTREAM, TOO_LARGE, and what reading the stream throws
 */
export async function receivePack(
  { layout, objects }: Repository,
  bytes: AsyncIterable<Buffer>,
  { shallow, signal, onProgress }: ReceiveOptions,
): Promise<{ bytes: number; objects: number }> {
  const pack = new ReceivedPack(layout);
  try {
    let told = 0;
    for await (const piece of bytes) {
      pack.append(piece);
      if (pack.size - told < PROGRESS_BYTES) continue;
      told = pack.size;
      onProgress?.(told, undefined, "bytes received");
    }
    onProgress?.(pack.size, undefined, "bytes received");
    const checksum = pack.finish();
    const references = new References(shallow);
    const indexed = await indexPack(pack, {
      mostObjectBytes: MOST_OBJECT_BYTES,
      signal,
      onObject: (type, content, oid) => references.collect(type, content, oid),
      // On top of the bytes, as progress only ever rises.
      onProgress: (done, total) => onProgress?.(pack.size + done, pack.size + total, "objects checked"),
    });
    if (indexed.count > 0) {
      const packed = idsOf(indexed.ids);
      const missing = references.missing((id) => packed.has(id) || objects.has(id.toString("hex")));
      if (missing)
        throw new ToolError("UPSTREAM", `the remote left out ${missing}, which something that it sent needs`);
      pack.publish(await packIndexFile(indexed, checksum, signal));
      objects.refresh();
    }
    return { bytes: pack.size, objects: indexed.count };
  } finally {
    pack.close();
  }
}

function idsOf(ids: Buffer): IdSet {
  const set = new IdSet();
  for (let at = 0; at < ids.length; at += ID_BYTES) set.add(ids, at);
  return set;
}
