import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import type { ObjectId } from "../object-id.js";
import type { ObjectStore } from "../objects/types.js";
import type { Repository } from "../repository.js";
import type { CachedTree, IndexEntry } from "./types.js";

const TREE = 0o40000;
const SUBMODULE = 0o160000;

/** Trees as they were written, and what the index may remember of them. */
export interface WrittenTree {
  readonly oid: ObjectId;
  readonly cacheTree: CachedTree;
}

/**
 * Writes the trees that the entries of an index make; those that `known` still vouches for are not built again.
 * @param entries in the order of the index
 * @param known of an index with the same entries: invalidated where they changed
 * @throws ToolError CONFLICT for entries in conflict, NOT_FOUND for a blob that is missing
 */
export function writeTrees(objects: ObjectStore, entries: readonly IndexEntry[], known?: CachedTree): WrittenTree {
  const conflict = entries.find((entry) => entry.stage !== 0);
  if (conflict) {
    throw new ToolError("CONFLICT", `${textOf(conflict.path)} is in conflict`, {
      hint: "Resolve it and add it first",
    });
  }
  const { oid, cacheTree } = writeDirectory({ objects, entries }, { start: 0, end: entries.length, base: "" }, known);
  return { oid, cacheTree };
}

/** As {@link writeTrees}, with what the repository's index knows where these are its entries. @returns the id of the top tree */
export function writeTreeFromIndex(repo: Repository, entries: readonly IndexEntry[]): ObjectId {
  const index = repo.index();
  return writeTrees(repo.objects, entries, entries === index.entries ? index.cacheTree : undefined).oid;
}

interface Source {
  readonly objects: ObjectStore;
  readonly entries: readonly IndexEntry[];
}

/** Entries `[start, end)`, all of whose paths start with `base`. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly base: ByteString;
}

interface Directory extends WrittenTree {
  /** An entry below is only intended to be added: the tree is without it, and the index must not trust it. */
  readonly isPartial: boolean;
}

function writeDirectory(source: Source, span: Span, known: CachedTree | undefined): Directory {
  if (known?.oid !== undefined && known.entryCount === span.end - span.start && source.objects.has(known.oid)) {
    return { oid: known.oid, cacheTree: known, isPartial: false };
  }
  const children = new Map<ByteString, CachedTree>();
  const parts: Buffer[] = [];
  let isPartial = false;
  for (let i = span.start; i < span.end; ) {
    const entry = source.entries[i];
    if (entry === undefined) break;
    const slash = entry.path.indexOf("/", span.base.length);
    if (slash === -1) {
      if (entry.intentToAdd) isPartial = true;
      else parts.push(fileItem(source.objects, entry, entry.path.slice(span.base.length)));
      i++;
      continue;
    }
    const name = entry.path.slice(span.base.length, slash);
    const base = entry.path.slice(0, slash + 1);
    const below = { start: i, end: endOf(source.entries, span, base, i), base };
    const child = writeDirectory(source, below, known?.children.get(name));
    isPartial ||= child.isPartial;
    if (holdsFiles(source.entries, below)) parts.push(item(TREE, name, child.oid));
    children.set(name, child.cacheTree);
    i = below.end;
  }
  return finish(source.objects, parts, children, { isPartial, entryCount: span.end - span.start });
}

function finish(
  objects: ObjectStore,
  parts: readonly Buffer[],
  children: ReadonlyMap<ByteString, CachedTree>,
  { isPartial, entryCount }: { isPartial: boolean; entryCount: number },
): Directory {
  // Trees are sorted as if the names of directories ended with a slash, and so is the index, by whole paths.
  const oid = objects.write("tree", Buffer.concat(parts));
  return {
    oid,
    isPartial,
    cacheTree: isPartial ? { oid: undefined, entryCount: -1, children } : { oid, entryCount, children },
  };
}

/** Where the entries of a directory end. */
function endOf(entries: readonly IndexEntry[], span: Span, base: ByteString, start: number): number {
  let end = start;
  while (end < span.end && entries[end]?.path.startsWith(base)) end++;
  return end;
}

const holdsFiles = (entries: readonly IndexEntry[], { start, end }: Span): boolean => {
  for (let i = start; i < end; i++) if (!entries[i]?.intentToAdd) return true;
  return false;
};

function fileItem(objects: ObjectStore, entry: IndexEntry, name: ByteString): Buffer {
  if (entry.mode !== SUBMODULE && !objects.has(entry.oid)) {
    throw new ToolError("NOT_FOUND", `The content of ${textOf(entry.path)} in the index is missing`);
  }
  return item(entry.mode, name, entry.oid);
}

const item = (mode: number, name: ByteString, oid: ObjectId): Buffer =>
  Buffer.concat([Buffer.from(`${mode.toString(8)} ${name}\0`, "latin1"), Buffer.from(oid, "hex")]);
