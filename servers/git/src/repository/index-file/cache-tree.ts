import type { ByteString } from "../bytes/byte-string.js";
import { damagedIndex } from "./damaged-index.js";
import type { CachedTree, IndexEntry } from "./types.js";

/** Levels of directories: deeper than any path may be long. */
const DEEPEST = 4096;

/** Reads the extension `TREE`. @throws ToolError UPSTREAM */
export function parseCacheTree(bytes: Buffer): CachedTree | undefined {
  let offset = 0;
  const field = (until: number): string => {
    const stop = bytes.indexOf(until, offset);
    if (stop === -1) throw damagedIndex("ends within its cached trees");
    const text = bytes.toString("latin1", offset, stop);
    offset = stop + 1;
    return text;
  };
  const tree = (depth: number): [ByteString, CachedTree] => {
    if (depth > DEEPEST) throw damagedIndex("nests cached trees without end");
    const name = field(0);
    const entryCount = Number(field(0x20));
    const childCount = Number(field(0x0a));
    if (!Number.isInteger(entryCount) || !(childCount <= bytes.length))
      throw damagedIndex("miscounts its cached trees");
    const oid = entryCount < 0 ? undefined : bytes.toString("hex", offset, offset + 20);
    if (oid !== undefined) offset += 20;
    if (offset > bytes.length) throw damagedIndex("ends within its cached trees");
    const children = new Map<ByteString, CachedTree>();
    for (let i = 0; i < childCount; i++) children.set(...tree(depth + 1));
    return [name, { oid, entryCount: oid ? entryCount : -1, children }];
  };
  return bytes.length === 0 ? undefined : tree(0)[1];
}

/** The body of the extension `TREE`. */
export function formatCacheTree(root: CachedTree): Buffer {
  const parts: Buffer[] = [];
  const add = (name: ByteString, tree: CachedTree): void => {
    const count = tree.oid === undefined ? -1 : tree.entryCount;
    parts.push(Buffer.from(`${name}\0${count} ${tree.children.size}\n`, "latin1"));
    if (tree.oid !== undefined) parts.push(Buffer.from(tree.oid, "hex"));
    for (const [childName, child] of [...tree.children].sort(([a], [b]) => byLength(a, b))) add(childName, child);
  };
  add("", root);
  return Buffer.concat(parts);
}

/** Git looks children up by the length of their names first. */
const byLength = (a: ByteString, b: ByteString): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

/** The same tree without what is known of the directories that `paths` lie in. */
export function invalidated(root: CachedTree, paths: Iterable<ByteString>): CachedTree {
  const below = new Map<ByteString, ByteString[]>();
  let isTouched = false;
  for (const path of paths) {
    isTouched = true;
    const slash = path.indexOf("/");
    if (slash === -1) {
      // A file that took the place of a directory: nothing is left of it.
      below.set(path, []);
      continue;
    }
    const name = path.slice(0, slash);
    const rest = below.get(name);
    if (rest) rest.push(path.slice(slash + 1));
    else below.set(name, [path.slice(slash + 1)]);
  }
  if (!isTouched) return root;
  const children = new Map<ByteString, CachedTree>();
  for (const [name, child] of root.children) {
    const rest = below.get(name);
    if (rest === undefined) children.set(name, child);
    else if (rest.length > 0) children.set(name, invalidated(child, rest));
  }
  return { oid: undefined, entryCount: -1, children };
}

/** Paths whose entries differ between two sorted lists: the trees that hold them differ too. */
export function* changedPaths(before: readonly IndexEntry[], after: readonly IndexEntry[]): Generator<ByteString> {
  let i = 0;
  let k = 0;
  while (i < before.length || k < after.length) {
    const old = before[i];
    const now = after[k];
    const order = old === undefined ? 1 : now === undefined ? -1 : compareEntries(old, now);
    if (order <= 0) i++;
    if (order >= 0) k++;
    if (order < 0 && old) yield old.path;
    else if (order > 0 && now) yield now.path;
    else if (old && now && !sameInTree(old, now)) yield now.path;
  }
}

const sameInTree = (a: IndexEntry, b: IndexEntry): boolean =>
  a === b || (a.oid === b.oid && a.mode === b.mode && a.intentToAdd === b.intentToAdd);

/** The order of the index: by path, then by stage. */
export const compareEntries = (a: IndexEntry, b: IndexEntry): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : a.stage - b.stage;
