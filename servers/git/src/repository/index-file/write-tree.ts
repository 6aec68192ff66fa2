import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import { DIRECTORY, SUBMODULE } from "../file-mode.js";
import type { ObjectId } from "../object-id.js";
import { formatTree } from "../objects/format-tree.js";
import type { ObjectStore, TreeEntry } from "../objects/types.js";
import type { CachedTree, IndexEntry } from "./types.js";

export interface WrittenTree {
  readonly oid: ObjectId;
  /** The same trees as the index can keep them, so that the next status need not look into them. */
  readonly cacheTree: CachedTree;
}

/**
 * Writes the trees that the entries of an index make. Entries that are only intended to be added are left out.
 * @param cached trees that are known to be unchanged; they are neither made nor written again
 * @throws ToolError CONFLICT, naming paths, while a merge is unresolved
 */
export function writeTree(
  objects: ObjectStore,
  entries: readonly IndexEntry[],
  cached?: CachedTree | undefined,
): WrittenTree {
  const unmerged = new Set(entries.filter(({ stage }) => stage > 0).map(({ path }) => textOf(path)));
  if (unmerged.size > 0) {
    throw new ToolError("CONFLICT", `There are unresolved conflicts in ${[...unmerged].slice(0, 20).join(", ")}`, {
      hint: "Resolve them and add the files",
    });
  }
  const { oid, cacheTree } = new TreeBuilder(objects, entries).build("", cached);
  return { oid: oid ?? objects.write("tree", formatTree([])), cacheTree };
}

/** `oid` is undefined of a directory in which nothing is but intentions to add: it is no tree at all. */
interface Built {
  readonly oid: ObjectId | undefined;
  readonly cacheTree: CachedTree;
}

class TreeBuilder {
  readonly #objects: ObjectStore;
  readonly #entries: readonly IndexEntry[];
  #at = 0;

  constructor(objects: ObjectStore, entries: readonly IndexEntry[]) {
    this.#objects = objects;
    this.#entries = entries;
  }

  /** The tree of the entries from here on that start with `prefix`: `""`, or a directory with its slash. */
  build(prefix: ByteString, cached: CachedTree | undefined): Built {
    if (cached && this.#isValid(prefix, cached)) {
      this.#at += cached.entryCount;
      return { oid: cached.oid, cacheTree: cached };
    }
    const start = this.#at;
    const items: TreeEntry[] = [];
    const children = new Map<ByteString, CachedTree>();
    let isComplete = true;
    for (let entry = this.#entries[this.#at]; entry?.path.startsWith(prefix); entry = this.#entries[this.#at]) {
      const slash = entry.path.indexOf("/", prefix.length);
      if (slash >= 0) {
        const name = entry.path.slice(prefix.length, slash);
        const child = this.build(entry.path.slice(0, slash + 1), cached?.children.get(name));
        if (child.cacheTree.oid === undefined) isComplete = false;
        if (child.oid === undefined) continue;
        items.push({ mode: DIRECTORY, name, oid: child.oid });
        children.set(name, child.cacheTree);
        continue;
      }
      this.#at++;
      if (entry.intentToAdd) isComplete = false;
      else items.push({ mode: entry.mode, name: entry.path.slice(prefix.length), oid: this.#present(entry) });
    }
    const oid = items.length > 0 ? this.#objects.write("tree", formatTree(items)) : undefined;
    const known = isComplete && oid !== undefined;
    return { oid, cacheTree: { oid: known ? oid : undefined, entryCount: known ? this.#at - start : -1, children } };
  }

  /** Does a tree that the index remembers cover just the entries from here on that start with `prefix`? */
  #isValid(prefix: ByteString, { oid, entryCount }: CachedTree): boolean {
    if (oid === undefined || entryCount <= 0 || !this.#objects.has(oid)) return false;
    const end = this.#at + entryCount;
    const last = this.#entries[end - 1];
    return last?.path.startsWith(prefix) === true && this.#entries[end]?.path.startsWith(prefix) !== true;
  }

  #present({ path, mode, oid }: IndexEntry): ObjectId {
    if (mode === SUBMODULE || this.#objects.has(oid)) return oid;
    throw new ToolError("NOT_FOUND", `The content of ${textOf(path)} (${oid}) is missing from the repository`, {
      hint: "Add the file again",
    });
  }
}
