import { ToolError } from "@mcp-reference/validation";
import { textOf } from "../repository/bytes/byte-string.js";
import { diffTrees } from "../repository/diff/tree-diff.js";
import type { IndexFile } from "../repository/index-file/types.js";
import { writeTree } from "../repository/index-file/write-tree.js";
import type { ObjectId } from "../repository/object-id.js";
import type { Repository } from "../repository/repository.js";

/** Names in an error; more would not help. */
const MOST_NAMED = 10;

/** @throws ToolError CONFLICT, naming paths, where something is staged or unmerged: a merge would mix it with its own result */
export function requireCleanIndex(repo: Repository, index: IndexFile, headTree: ObjectId, operation: string): void {
  const { oid } = writeTree(repo.objects, index.entries, index.cacheTree);
  if (oid === headTree) return;
  const paths = diffTrees(repo, headTree, oid, { recursive: true }).map(({ before, after }) =>
    textOf((after ?? before)?.path ?? ""),
  );
  throw new ToolError("CONFLICT", `Staged changes would be mixed up with the ${operation}: ${listed(paths)}`, {
    hint: "Commit, stash or unstage them first",
  });
}

/** A few of many names. */
export const listed = (names: readonly string[]): string =>
  names.length <= MOST_NAMED
    ? names.join(", ")
    : `${names.slice(0, MOST_NAMED).join(", ")} and ${names.length - MOST_NAMED} more`;
