import type { ByteString } from "../bytes/byte-string.js";
import { detectRenamesInTurns } from "../diff/renames.js";
import { diffTrees } from "../diff/tree-diff.js";
import type { FileVersion } from "../diff/types.js";
import type { ObjectId } from "../object-id.js";
import type { Commit } from "../objects/types.js";
import type { Repository } from "../repository.js";
import { commitNodes } from "./commit-nodes.js";
import { TreePaths, treePath } from "./tree-paths.js";
import { commitsOf, type WalkOptions } from "./walk.js";

export interface PathCommit {
  readonly commit: Commit;
  /** What a followed file was called in that commit. */
  readonly path: ByteString | undefined;
}

/**
 * The commits that changed a file, under the names that it had: as `git log --follow` (which, like this, does not look into merges,
 * and changes the name for all that comes later in the walk). Filters are applied after following, so that no rename is missed.
 */
export async function* followFile(
  repo: Repository,
  start: ByteString,
  options: WalkOptions,
): AsyncGenerator<PathCommit, void> {
  const { matches, skip = 0, maxCount = Number.POSITIVE_INFINITY, ...range } = options;
  const trees = TreePaths.of(repo.objects);
  const nodes = commitNodes(repo);
  let path = start;
  let passed = 0;
  if (maxCount <= 0) return;
  for await (const commit of commitsOf(repo, range)) {
    if (commit.parents.length > 1 && !options.firstParent) continue;
    const [parent] = commit.parents;
    const before = parent === undefined ? undefined : nodes.get(parent).tree;
    if (trees.isSame(before, commit.tree, treePath(path))) continue;
    const name = path;
    path = await nameBefore(repo, commit, before, path, options.signal);
    if (matches !== undefined && !matches(commit)) continue;
    passed++;
    if (passed > skip) yield { commit, path: name };
    if (passed >= skip + maxCount) return;
  }
}

/** What the file was called before the commit: something else if the commit has it new, and much like another. */
async function nameBefore(
  repo: Repository,
  { tree }: Commit,
  before: ObjectId | undefined,
  path: ByteString,
  signal: AbortSignal | undefined,
): Promise<ByteString> {
  const { objects } = repo;
  if (before === undefined) return path;
  if (TreePaths.of(objects).entry(before, treePath(path)) !== undefined) return path;
  const changes = diffTrees(repo, before, tree);
  const found = await detectRenamesInTurns(changes, ({ oid }) => objects.blob(oid ?? ""), {
    copies: true,
    unchanged: unchangedFiles(repo, before, new Set(changes.map((change) => change.before?.path))),
    sizeOf: ({ oid }) => objects.header(oid ?? "").size,
    only: path,
    signal,
  });
  return found.find(({ after }) => after?.path === path)?.before?.path ?? path;
}

/** Any file may have been copied. */
function unchangedFiles(repo: Repository, tree: ObjectId, changed: ReadonlySet<ByteString | undefined>): FileVersion[] {
  const files = diffTrees(repo, undefined, tree).flatMap(({ after }) => after ?? []);
  return files.filter(({ path }) => !changed.has(path));
}
