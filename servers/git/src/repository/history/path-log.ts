import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../bytes/byte-string.js";
import type { Repository } from "../repository.js";
import { pathKeys } from "./changed-paths.js";
import { type CommitNode, commitNodes } from "./commit-nodes.js";
import { followFile, type PathCommit } from "./follow-file.js";
import { type SameAsParent, simplification } from "./simplify.js";
import { type TreePath, TreePaths, treePath } from "./tree-paths.js";
import { commitsOf, selected, type WalkOptions } from "./walk.js";

export type { PathCommit } from "./follow-file.js";

export interface PathLogOptions extends WalkOptions {
  /** Files and directories, literally, from the top of the repository; `""` for everything. */
  readonly paths: readonly ByteString[];
  /** Follows a single file beyond its renames. */
  readonly follow?: boolean | undefined;
}

/**
 * The commits that changed something at the paths: those of `git log -- <paths>`, in its order, with its default simplification of
 * history; with `follow` those of `git log --follow -- <path>`.
 * @throws ToolError INVALID_ARGUMENT for following several paths; as `walk`
 */
export async function* logOfPath(repo: Repository, options: PathLogOptions): AsyncGenerator<PathCommit, void> {
  const { paths, follow, ...walkOptions } = options;
  if (follow) {
    const [path] = paths;
    if (path === undefined || paths.length > 1) {
      throw new ToolError("INVALID_ARGUMENT", "Only one file can be followed beyond its renames", {
        hint: "Give one path",
      });
    }
    yield* followFile(repo, path, walkOptions);
    return;
  }
  const simplify = paths.length === 0 ? undefined : simplification(sameAt(repo, paths), options.firstParent);
  const commits = commitsOf(repo, { ...walkOptions, simplify });
  for await (const commit of selected(commits, walkOptions)) yield { commit, path: undefined };
}

function sameAt(repo: Repository, paths: readonly ByteString[]): SameAsParent {
  const wanted = paths.map(treePath);
  const trees = TreePaths.of(repo.objects);
  const isUnchanged = unchangedByFilter(repo, wanted);
  return (commit, parent, nth) => {
    const before = parent?.node?.tree;
    const after = commit.node?.tree;
    if (before === after || (nth === 0 && isUnchanged(commit.node))) return true;
    return wanted.every((path) => trees.isSame(before, after, path));
  };
}

/** Does the commit-graph know that a commit changed nothing, as compared with its first parent? */
function unchangedByFilter(repo: Repository, paths: readonly TreePath[]): (node: CommitNode | undefined) => boolean {
  const { graph } = commitNodes(repo);
  const wholeTree = paths.some(({ names }) => names.length === 0);
  if (graph === undefined || wholeTree || repo.config.flag("commitgraph.readchangedpaths") === false)
    return () => false;
  const keys = paths.map(({ names }) => pathKeys(names.join("/")));
  return (node) => node?.position !== undefined && !graph.mayHaveChanged(node.position, keys);
}
