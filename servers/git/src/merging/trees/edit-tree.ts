import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import { formatTree } from "../../repository/objects/format-tree.js";
import type { ObjectStore, TreeEntry } from "../../repository/objects/types.js";
import type { Version } from "./types.js";

const TREE = 0o40000;

interface Edits {
  readonly files: Map<ByteString, Version | undefined>;
  readonly folders: Map<ByteString, Edits>;
}

/**
 * Writes a tree that differs from another at some paths; only the folders on the way are written anew.
 *
 * @param changes what is at a path from now on, undefined for nothing; folders without files vanish
 */
export function editTree(
  objects: ObjectStore,
  tree: ObjectId | undefined,
  changes: ReadonlyMap<ByteString, Version | undefined>,
): ObjectId {
  const root: Edits = { files: new Map(), folders: new Map() };
  for (const [path, version] of changes) {
    const names = path.split("/");
    const name = names.pop() ?? "";
    let folder = root;
    for (const step of names) {
      const next = folder.folders.get(step) ?? { files: new Map(), folders: new Map() };
      folder.folders.set(step, next);
      folder = next;
    }
    folder.files.set(name, version);
  }
  return apply(objects, tree, root) ?? objects.write("tree", Buffer.alloc(0));
}

/** The tree's id; undefined when nothing is left in it. */
function apply(objects: ObjectStore, tree: ObjectId | undefined, edits: Edits): ObjectId | undefined {
  const before = tree === undefined ? [] : objects.tree(tree);
  const entries = new Map<ByteString, TreeEntry>(before.map((entry) => [entry.name, entry]));
  // Files that go make room first: a folder may take the place of one, and the other way round.
  for (const [name, version] of edits.files) {
    if (version === undefined && entries.get(name)?.mode !== TREE) entries.delete(name);
  }
  for (const [name, folder] of edits.folders) {
    const old = entries.get(name);
    const oid = apply(objects, old?.mode === TREE ? old.oid : undefined, folder);
    if (oid !== undefined) entries.set(name, { mode: TREE, name, oid });
    else if (old?.mode === TREE) entries.delete(name);
  }
  for (const [name, version] of edits.files) {
    if (version !== undefined) entries.set(name, { name, ...version });
  }
  return entries.size === 0 ? undefined : objects.write("tree", formatTree([...entries.values()]));
}
