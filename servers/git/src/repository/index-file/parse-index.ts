import { createHash } from "node:crypto";
import { ToolError } from "@mcp-reference/validation";
import type { ObjectId } from "../object-id.js";
import { parseCacheTree } from "./cache-tree.js";
import { damagedIndex } from "./damaged-index.js";
import { parseEntries } from "./index-entries.js";
import type { CachedTree, IndexEntry } from "./types.js";

const CHECKSUM_BYTES = 20;
const SMALLEST = 12 + CHECKSUM_BYTES;

/** What stands in one index file. */
export interface ParsedIndex {
  readonly version: 2 | 3 | 4;
  readonly entries: IndexEntry[];
  readonly cacheTree: CachedTree | undefined;
  readonly checksum: ObjectId;
  /** The extension `link`: this file only tells how it differs from a shared one. */
  readonly link: Buffer | undefined;
  /** Whether an entry may stand for a whole directory. */
  readonly isSparse: boolean;
}

/** @throws ToolError UPSTREAM for a damaged index, UNSUPPORTED for a version or a mandatory extension that we do not know */
export function parseIndex(bytes: Buffer): ParsedIndex {
  if (bytes.length < SMALLEST || bytes.toString("latin1", 0, 4) !== "DIRC")
    throw damagedIndex("does not start as an index does");
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3 && version !== 4) {
    throw new ToolError("UNSUPPORTED", `The index has version ${version}; versions 2 to 4 are known`);
  }
  const end = bytes.length - CHECKSUM_BYTES;
  const checksum = verifiedChecksum(bytes, end);
  const list = parseEntries(bytes, version, bytes.readUInt32BE(8), end);
  const extensions = parseExtensions(bytes, list.end, end);
  const tree = extensions.get("TREE");
  return {
    version,
    entries: list.entries,
    cacheTree: tree && parseCacheTree(tree),
    checksum,
    link: extensions.get("link"),
    isSparse: extensions.has("sdir"),
  };
}

/** All zeros means that nobody hashed it (`index.skipHash`). */
function verifiedChecksum(bytes: Buffer, end: number): ObjectId {
  const written = bytes.toString("hex", end);
  if (/^0+$/.test(written)) return written;
  if (createHash("sha1").update(bytes.subarray(0, end)).digest("hex") !== written) {
    throw damagedIndex("does not match its checksum");
  }
  return written;
}

function parseExtensions(bytes: Buffer, start: number, end: number): Map<string, Buffer> {
  const extensions = new Map<string, Buffer>();
  let offset = start;
  while (offset < end) {
    if (offset + 8 > end) throw damagedIndex("ends within an extension");
    const name = bytes.toString("latin1", offset, offset + 4);
    const stop = offset + 8 + bytes.readUInt32BE(offset + 4);
    if (stop > end) throw damagedIndex("ends within an extension");
    // Names that start with a capital letter may be skipped by those who do not know them.
    if (!/^[A-Z]/.test(name) && name !== "link" && name !== "sdir") {
      throw new ToolError("UNSUPPORTED", "The index has an extension that this server does not know");
    }
    extensions.set(name, bytes.subarray(offset + 8, stop));
    offset = stop;
  }
  return extensions;
}
