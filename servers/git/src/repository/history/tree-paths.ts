import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../bytes/byte-string.js";
import type { ObjectId } from "../object-id.js";
import { SizedCache } from "../objects/sized-cache.js";
import type { ObjectStore } from "../objects/types.js";

/** A path to look for in trees. */
export interface TreePath {
  /** None for the whole tree. */
  readonly names: readonly ByteString[];
  /** It ended with a slash: only a directory will do. */
  readonly isDirectory: boolean;
}

/** Mode and id as they stand in a tree; empty where there is no such entry. */
type Entry = { readonly mode: number; readonly oid: ObjectId } | undefined;

const TREE = 0o40000;
const SPACE = 0x20;
const ID_BYTES = 20;
/** Bytes of the entries kept for each repository, and of one. */
const MOST_BYTES = 10_000_000;
const ENTRY_BYTES = 200;
const ABSENT = { mode: 0, oid: "" };

export function treePath(path: ByteString): TreePath {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  return { names, isDirectory: path.endsWith("/") };
}

/** Looks up single paths in many trees, most of which are the same but for a few entries. */
export class TreePaths {
  readonly #objects: ObjectStore;
  /** By name and tree: to put both into one key would take longer than looking up two. */
  readonly #cache = new SizedCache<ByteString, ObjectId, { mode: number; oid: ObjectId }>(
    MOST_BYTES,
    () => ENTRY_BYTES,
  );

  private constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  static readonly #of = new WeakMap<ObjectStore, TreePaths>();

  static of(objects: ObjectStore): TreePaths {
    const paths = TreePaths.#of.get(objects) ?? new TreePaths(objects);
    TreePaths.#of.set(objects, paths);
    return paths;
  }

  /** Is the same there in both trees? Undefined stands for an empty tree. */
  isSame(a: ObjectId | undefined, b: ObjectId | undefined, { names, isDirectory }: TreePath): boolean {
    let left: Entry = a === undefined ? undefined : { mode: TREE, oid: a };
    let right: Entry = b === undefined ? undefined : { mode: TREE, oid: b };
    for (const name of names) {
      if (isEqual(left, right)) return true;
      left = this.#child(left, name);
      right = this.#child(right, name);
    }
    if (names.length === 0) return isEqual(this.#nonEmpty(left), this.#nonEmpty(right));
    return isDirectory ? isEqual(directory(left), directory(right)) : isEqual(left, right);
  }

  /** What is at a path. */
  entry(tree: ObjectId, { names }: TreePath): Entry {
    let at: Entry = { mode: TREE, oid: tree };
    for (const name of names) at = this.#child(at, name);
    return at;
  }

  #nonEmpty(entry: Entry): Entry {
    return entry !== undefined && this.#objects.read(entry.oid).body.length > 0 ? entry : undefined;
  }

  #child(parent: Entry, name: ByteString): Entry {
    if (parent?.mode !== TREE) return undefined;
    let known = this.#cache.get(name, parent.oid);
    if (known === undefined) {
      known = this.#read(parent.oid, name);
      this.#cache.set(name, parent.oid, known);
    }
    return known === ABSENT ? undefined : known;
  }

  #read(tree: ObjectId, name: ByteString): { mode: number; oid: ObjectId } {
    const { type, body } = this.#objects.read(tree);
    if (type !== "tree") throw new ToolError("INVALID_ARGUMENT", `${tree} is a ${type}, not a tree`);
    return findEntry(body, Buffer.from(name, "latin1")) ?? ABSENT;
  }
}

const isEqual = (a: Entry, b: Entry): boolean => a?.oid === b?.oid && a?.mode === b?.mode;

const directory = (entry: Entry): Entry => (entry?.mode === TREE ? entry : undefined);

/** Reads past the other entries without making anything of them. */
function findEntry(body: Buffer, name: Buffer): { mode: number; oid: ObjectId } | undefined {
  for (let start = 0; start < body.length; ) {
    let space = start;
    while (space < body.length && body[space] !== SPACE) space++;
    let end = space + 1;
    while (end < body.length && body[end] !== 0) end++;
    if (end - space - 1 === name.length && body.compare(name, 0, name.length, space + 1, end) === 0) {
      const oid = body.toString("hex", end + 1, end + 1 + ID_BYTES);
      return { mode: Number.parseInt(body.toString("latin1", start, space), 8), oid };
    }
    start = end + 1 + ID_BYTES;
  }
  return undefined;
}
