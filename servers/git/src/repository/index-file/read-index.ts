import { closeSync, fstatSync, readFileSync } from "node:fs";
import { ToolError } from "@mcp-reference/validation";
import type { Layout } from "../layout/types.js";
import { compareEntries } from "./cache-tree.js";
import { damagedIndex } from "./damaged-index.js";
import { parseIndex } from "./parse-index.js";
import type { IndexEntry, IndexFile } from "./types.js";

/** Bytes: four million files. */
const LARGEST = 2 ** 28;

/** Components that lead elsewhere, or into the repository itself. */
const UNSAFE_PATH = /(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)/i;

const EMPTY: IndexFile = { version: 2, entries: [], cacheTree: undefined, writtenAt: 0n };

/**
 * Reads the index of a worktree; one without entries where there is none.
 * @throws ToolError UPSTREAM for a damaged index; UNSUPPORTED for a format that is not known; TOO_LARGE
 */
export function readIndex(layout: Layout): IndexFile {
  const fd = layout.gitDir.open("index");
  if (fd === undefined) return EMPTY;
  try {
    const { size, mtimeNs } = fstatSync(fd, { bigint: true });
    if (size > LARGEST) throw new ToolError("TOO_LARGE", `The index is larger than ${LARGEST} bytes`);
    const parsed = parseIndex(readFileSync(fd));
    if (parsed.link) throw new ToolError("UNSUPPORTED", "The index is split (core.splitIndex)");
    if (parsed.isSparse) throw new ToolError("UNSUPPORTED", "The index is sparse (index.sparse)");
    return {
      version: parsed.version,
      entries: verified(parsed.entries),
      cacheTree: parsed.cacheTree,
      writtenAt: mtimeNs,
    };
  } finally {
    closeSync(fd);
  }
}

function verified(entries: readonly IndexEntry[]): readonly IndexEntry[] {
  let previous: IndexEntry | undefined;
  for (const entry of entries) {
    if (UNSAFE_PATH.test(entry.path)) throw damagedIndex("names a path outside the worktree");
    if (previous && compareEntries(previous, entry) >= 0) throw damagedIndex("is not in order");
    previous = entry;
  }
  return entries;
}
