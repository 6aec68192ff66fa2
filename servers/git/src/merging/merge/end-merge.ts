import { type CommitResult, commit } from "../../changes/commit/commit.js";
import { clearOperationState } from "../../changes/commit/operation-state.js";
import { withIndexLock } from "../../changes/with-index-lock.js";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { Repository } from "../../repository/repository.js";
import { headCommit } from "../head-commit.js";
import { resetMerge } from "../reset-merge.js";
import { requireUnderWay } from "../state/operation.js";

/** Commits a merge whose conflicts are resolved. @throws ToolError CONFLICT while some are not, INVALID_ARGUMENT where none is under way */
export async function continueMerge(
  repo: Repository,
  message: ByteString | undefined,
  signal?: AbortSignal,
): Promise<CommitResult> {
  requireUnderWay(repo, "merge");
  return commit(repo, { message }, signal);
}

/**
 * Goes back to before the merge; changes in other files stay.
 * @returns the ref that keeps what was resolved
 * @throws ToolError CONFLICT as {@link resetMerge}
 */
export const abortMerge = (repo: Repository, signal?: AbortSignal): Promise<ByteString | undefined> =>
  withIndexLock(repo, signal, (lock) => {
    requireUnderWay(repo, "merge");
    const { commit: head } = headCommit(repo);
    const record = () => clearOperationState(repo);
    return resetMerge(repo, lock, head.tree, { what: "merge-abort", record, signal });
  });
