import { ToolError } from "@mcp-reference/validation";
import { reflogIdentity } from "../../changes/identity.js";
import { switchTree } from "../../changes/switch-tree.js";
import type { IndexLock } from "../../repository/index-file/index-lock.js";
import type { Commit } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";
import type { MergeOutcome, MergeRequest } from "./merge.js";

/**
 * On a branch without commits there is nothing to merge with: it begins at the other side.
 * @throws ToolError INVALID_ARGUMENT where something else than a fast-forward is asked for; CONFLICT where files are in the way
 */
export async function mergeIntoUnborn(
  repo: Repository,
  lock: IndexLock,
  { squash, fastForward, signal }: MergeRequest,
  theirs: Commit,
): Promise<MergeOutcome> {
  if (squash || fastForward === "never") {
    throw new ToolError("INVALID_ARGUMENT", "The current branch has no commit yet: it can only be fast-forwarded", {
      hint: "Merge without squash, and with ff allow",
    });
  }
  const log = { who: reflogIdentity(repo.config), message: "initial pull" };
  const record = () => repo.refs.update([{ ref: "HEAD", to: theirs.oid, expected: null }], log);
  await switchTree(repo, lock, undefined, theirs.tree, { operation: "merge", record, signal });
  return { result: "fast-forward", before: undefined, head: theirs.oid, conflicts: [], messages: [] };
}
