import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import { DIRECTORY, LINK, SUBMODULE } from "../../repository/file-mode.js";
import type { ObjectId } from "../../repository/object-id.js";
import { Pace } from "../../repository/pace.js";
import type { Repository } from "../../repository/repository.js";
import { resolveObject } from "../../repository/revision/resolve.js";
import { repositoryPath } from "../repository-path.js";

const TYPES: Record<number, string> = { [DIRECTORY]: "directory", [LINK]: "link", [SUBMODULE]: "submodule" };

/** Directories below one another, as deep as any file system goes. */
const DEEPEST = 2048;

export interface ListedEntry {
  readonly path: ByteString;
  readonly type: string;
  readonly oid: ObjectId;
}

export interface ListTreeRequest {
  readonly revision: string;
  /** A directory in it; all of it unless given. */
  readonly path?: string | undefined;
  /** Files of directories below too, in the place of these. */
  readonly recursive: boolean;
  readonly limit: number;
  /** The last path of the page before. */
  readonly after?: ByteString | undefined;
  readonly signal: AbortSignal;
}

/**
 * One page of the entries of a tree, in git's order.
 * @throws ToolError NOT_FOUND; INVALID_ARGUMENT for a path that is no directory
 */
export async function listTree(repo: Repository, request: ListTreeRequest) {
  const { revision, path = "", recursive, limit, after, signal } = request;
  const directory = repositoryPath(path);
  const { oid, type } = resolveObject(repo, `${revision}:${textOf(directory)}`);
  if (type !== "tree") throw new ToolError("INVALID_ARGUMENT", `${path} is no directory at ${revision}`);
  const pace = new Pace(signal);
  const entries: ListedEntry[] = [];
  for (const entry of entriesBelow(repo, oid, directory && `${directory}/`, { recursive, last: after })) {
    if (entries.length === limit) return { entries, next: entries.at(-1)?.path };
    entries.push({ path: entry.path, type: TYPES[entry.mode] ?? "file", oid: entry.oid });
    if (pace.due()) await pace.pause();
  }
  return { entries, next: undefined };
}

interface Walk {
  readonly recursive: boolean;
  readonly last: ByteString | undefined;
}

/** Passes over what comes before `last` without reading the trees that end before it. */
function* entriesBelow(
  repo: Repository,
  tree: ObjectId,
  prefix: ByteString,
  walk: Walk,
  depth = 0,
): Generator<{ path: ByteString; mode: number; oid: ObjectId }> {
  if (depth > DEEPEST) throw new ToolError("TOO_LARGE", "directories are nested too deep");
  for (const { name, mode, oid } of repo.objects.tree(tree)) {
    const path = prefix + name;
    const descends = walk.recursive && mode === DIRECTORY;
    // Trees are ordered as if their names ended with a slash.
    const key = mode === DIRECTORY ? `${path}/` : path;
    if (walk.last !== undefined && isBefore(key, walk.last, descends)) continue;
    if (descends) yield* entriesBelow(repo, oid, `${path}/`, walk, depth + 1);
    else yield { path, mode, oid };
  }
}

/** Is an entry, and of a tree all that is in it, at or before the last path shown? */
function isBefore(key: ByteString, last: ByteString, isTree: boolean): boolean {
  if (isTree) return key < last && !last.startsWith(key);
  return key <= last || key === `${last}/`;
}
