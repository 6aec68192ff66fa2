import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../bytes/byte-string.js";
import { isDirectory, isSameType } from "../file-mode.js";
import type { ObjectId } from "../object-id.js";
import type { TreeEntry } from "../objects/types.js";
import type { Repository } from "../repository.js";
import { type PathFilter, pathFilter } from "./path-filter.js";
import type { FileChange, FileVersion } from "./types.js";

export interface TreeDiffOptions {
  /** See {@link pathFilter}. */
  readonly paths?: readonly ByteString[] | undefined;
  /** False shows a changed directory as one change, as `git diff-tree` without `-r` does. True unless given. */
  readonly recursive?: boolean | undefined;
}

/** Deeper directories are refused, as git refuses them. */
const DEEPEST = 2048;

/** A small tree that contains itself many times over can stand for any number of files. */
const MOST_DIRECTORIES = 250_000;
const MOST_CHANGES = 250_000;

/**
 * What differs between two trees, in git's order: by the bytes of the path. Renames show as a deletion and an addition.
 * @param before id of a tree; undefined stands for an empty one
 * @throws ToolError TOO_LARGE for trees of absurd depth or size, and what the object store throws
 */
export function diffTrees(
  repo: Pick<Repository, "objects">,
  before: ObjectId | undefined,
  after: ObjectId | undefined,
  { paths, recursive = true }: TreeDiffOptions = {},
): FileChange[] {
  const comparison = new TreeComparison(repo, pathFilter(paths), recursive);
  comparison.compare(before, after, "", 0);
  return comparison.changes;
}

class TreeComparison {
  readonly changes: FileChange[] = [];
  readonly #repo: Pick<Repository, "objects">;
  readonly #filter: PathFilter;
  readonly #recursive: boolean;
  #directories = 0;

  constructor(repo: Pick<Repository, "objects">, filter: PathFilter, recursive: boolean) {
    this.#repo = repo;
    this.#filter = filter;
    this.#recursive = recursive;
  }

  compare(before: ObjectId | undefined, after: ObjectId | undefined, directory: ByteString, depth: number): void {
    if (before === after) return;
    if (depth > DEEPEST || ++this.#directories > MOST_DIRECTORIES) throw tooLarge();
    const old = before ? this.#repo.objects.tree(before) : [];
    const now = after ? this.#repo.objects.tree(after) : [];
    let oldAt = 0;
    let nowAt = 0;
    while (oldAt < old.length || nowAt < now.length) {
      const one = old[oldAt];
      const other = now[nowAt];
      const order = one && other ? compareNames(one, other) : one ? -1 : 1;
      if (order <= 0) oldAt++;
      if (order >= 0) nowAt++;
      if (order !== 0 || one?.oid !== other?.oid || one?.mode !== other?.mode)
        this.#addChange(order <= 0 ? one : undefined, order >= 0 ? other : undefined, directory, depth);
    }
  }

  /** Either or both of the same name; both are directories or none is. */
  #addChange(before: TreeEntry | undefined, after: TreeEntry | undefined, directory: ByteString, depth: number): void {
    const entry = before ?? after;
    if (!entry) return;
    const path = directory + entry.name;
    if (isDirectory(entry.mode) && this.#recursive) {
      if (this.#filter.mayContain(path)) this.compare(before?.oid, after?.oid, `${path}/`, depth + 1);
    } else if (this.#filter.matches(path) || (isDirectory(entry.mode) && this.#filter.mayContain(path))) {
      if (this.changes.length >= MOST_CHANGES) throw tooLarge();
      this.changes.push(changeOf(versionAt(path, before), versionAt(path, after)));
    }
  }
}

const versionAt = (path: ByteString, entry: TreeEntry | undefined): FileVersion | undefined =>
  entry && { path, mode: entry.mode, oid: entry.oid };

function changeOf(before: FileVersion | undefined, after: FileVersion | undefined): FileChange {
  if (!before) return { status: "A", before, after };
  if (!after) return { status: "D", before, after };
  return { status: isSameType(before.mode, after.mode) ? "M" : "T", before, after };
}

/** Git's order within a tree: a directory's name counts as if it ended in a slash. */
function compareNames(one: TreeEntry, other: TreeEntry): number {
  if (one.name === other.name) return Number(isDirectory(one.mode)) - Number(isDirectory(other.mode));
  const name = isDirectory(one.mode) ? `${one.name}/` : one.name;
  const otherName = isDirectory(other.mode) ? `${other.name}/` : other.name;
  return name < otherName ? -1 : 1;
}

const tooLarge = () =>
  new ToolError("TOO_LARGE", "the trees have too many, or too deeply nested, files and directories to be compared", {
    hint: "Ask for the paths you need",
  });
