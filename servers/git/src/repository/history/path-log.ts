import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../bytes/byte-string.js";
import type { Repository } from "../repository.js";
import { followFile, type PathCommit } from "./follow-file.js";
import { type SameAsParent, simplification } from "./simplify.js";
import { TreePaths, treePath } from "./tree-paths.js";
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
  return (commit, parent) => {
    const before = parent?.node?.tree;
    const after = commit.node?.tree;
    return before === after || wanted.every((path) => trees.isSame(before, after, path));
  };
}
