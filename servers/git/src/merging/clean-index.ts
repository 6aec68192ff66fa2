import { ToolError } from "@mcp-reference/validation";
import { listed } from "../changes/worktree/listed.js";
import { diffTrees } from "../repository/diff/tree-diff.js";
import type { IndexFile } from "../repository/index-file/types.js";
import { writeTree } from "../repository/index-file/write-tree.js";
import type { ObjectId } from "../repository/object-id.js";
import type { Repository } from "../repository/repository.js";

/** @throws ToolError CONFLICT, naming paths, where something is staged or unmerged: a merge would mix it with its own result */
export function requireCleanIndex(repo: Repository, index: IndexFile, headTree: ObjectId, operation: string): void {
  const { oid } = writeTree(repo.objects, index.entries, index.cacheTree);
  if (oid === headTree) return;
  const changes = diffTrees(repo, headTree, oid, { recursive: true });
  const paths = changes.map(({ before, after }) => (after ?? before)?.path ?? "");
  throw new ToolError("CONFLICT", `Staged changes would be mixed up with the ${operation}: ${listed(paths)}`, {
    hint: "Commit, stash or unstage them first",
  });
}
