import type { ByteString } from "../bytes/byte-string.js";
import type { FileChange, FileVersion } from "../diff/types.js";
import { DIRECTORY, isSameType } from "../file-mode.js";
import type { CachedTree, IndexEntry, IndexFile } from "../index-file/types.js";
import type { ObjectId } from "../object-id.js";
import type { ObjectStore, TreeEntry } from "../objects/types.js";
import type { Pace } from "../pace.js";
import type { PathSelection } from "./path-selection.js";

/** Levels of directories; a path may not be longer than that anyway. */
const DEEPEST = 2048;

/**
 * What differs between a tree and the index, in the order of the index. Paths in conflict are left out; those that are only intended
 * to be added count as absent. Directories of which the index still knows the tree are not walked.
 * @param tree undefined for no tree: all is added
 */
export async function treeToIndex(
  objects: ObjectStore,
  tree: ObjectId | undefined,
  index: IndexFile,
  { selection, pace }: { selection: PathSelection; pace: Pace },
): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  await compare({ objects, entries: index.entries, changes, selection, pace }, tree, {
    start: 0,
    end: index.entries.length,
    base: "",
    known: index.cacheTree,
    depth: 0,
  });
  return changes;
}

interface Comparison {
  readonly objects: ObjectStore;
  readonly entries: readonly IndexEntry[];
  readonly changes: FileChange[];
  readonly selection: PathSelection;
  readonly pace: Pace;
}

/** Entries `[start, end)`: those of one directory, whose path with a slash at its end is `base`. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly base: ByteString;
  readonly known: CachedTree | undefined;
  readonly depth: number;
}

async function compare(to: Comparison, tree: ObjectId | undefined, span: Span): Promise<void> {
  const { known, start, end, base } = span;
  if (known?.oid !== undefined && known.oid === tree && known.entryCount === end - start) return;
  if (span.depth > DEEPEST || !to.selection.reaches(base.slice(0, -1))) return;
  if (to.pace.due()) await to.pace.pause();
  const items = tree === undefined ? [] : to.objects.tree(tree);
  let next = 0;
  for (let i = start; i < end || next < items.length; ) {
    const entry = i < end ? to.entries[i] : undefined;
    const item = items[next];
    const key = entry && keyOf(entry.path, base);
    const itemKey = item && (item.mode === DIRECTORY ? `${base}${item.name}/` : base + item.name);
    const isInTree = itemKey !== undefined && (key === undefined || itemKey <= key);
    const isInIndex = key !== undefined && (itemKey === undefined || key <= itemKey);
    if (isInTree) next++;
    const after = isInIndex ? endOf(to.entries, key, i, end) : i;
    if ((isInIndex ? key : itemKey)?.endsWith("/")) {
      const name = (isInIndex ? key : itemKey) ?? "";
      const below = known?.children.get(name.slice(base.length, -1));
      await compare(to, isInTree ? item?.oid : undefined, {
        start: i,
        end: after,
        base: name,
        known: below,
        depth: span.depth + 1,
      });
    } else addChange(to, isInTree ? versionOf(base, item) : undefined, isInIndex ? entry : undefined);
    i = after;
  }
}

/** A path in this directory; or of a directory below, with a slash at its end. */
function keyOf(path: ByteString, base: ByteString): ByteString {
  const slash = path.indexOf("/", base.length);
  return slash === -1 ? path : path.slice(0, slash + 1);
}

/** Where the stages of a path, or all below a directory, end. */
function endOf(entries: readonly IndexEntry[], key: ByteString, start: number, end: number): number {
  let at = start;
  if (!key.endsWith("/")) while (at < end && entries[at]?.path === key) at++;
  else while (at < end && entries[at]?.path.startsWith(key)) at++;
  return at;
}

const versionOf = (base: ByteString, item: TreeEntry | undefined): FileVersion | undefined =>
  item && { path: base + item.name, mode: item.mode, oid: item.oid };

function addChange(to: Comparison, before: FileVersion | undefined, entry: IndexEntry | undefined): void {
  if (entry && entry.stage !== 0) return;
  const after = entry && !entry.intentToAdd ? { path: entry.path, mode: entry.mode, oid: entry.oid } : undefined;
  const path = (after ?? before)?.path;
  if (path === undefined || !to.selection.includes(path)) return;
  if (before === undefined) to.changes.push({ status: "A", before, after });
  else if (after === undefined) to.changes.push({ status: "D", before, after });
  else if (!isSameType(before.mode, after.mode)) to.changes.push({ status: "T", before, after });
  else if (before.oid !== after.oid || before.mode !== after.mode) to.changes.push({ status: "M", before, after });
}
