import type { ByteString } from "../../repository/bytes/byte-string.js";
import { diffTrees } from "../../repository/diff/tree-diff.js";
import type { FileChange } from "../../repository/diff/types.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { withRenames } from "../../repository/worktree/renamed-files.js";

export interface ChangeFilter {
  /** Only these paths and what is below them; all of them unless given. */
  readonly paths: readonly ByteString[] | undefined;
  readonly signal: AbortSignal;
}

/** What differs between two trees, renames found. @param before undefined for an empty tree */
export const changesBetween = (
  repo: Repository,
  before: ObjectId | undefined,
  after: ObjectId | undefined,
  { paths, signal }: ChangeFilter,
): Promise<readonly FileChange[]> =>
  withRenames(repo, diffTrees(repo, before, after, { paths }), { command: "diff", signal });
