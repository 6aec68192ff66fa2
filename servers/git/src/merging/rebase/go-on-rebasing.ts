import { createCommit } from "../../changes/commit/create-commit.js";
import { cleanMessage, subjectOf } from "../../changes/commit/message.js";
import { clearOperationState } from "../../changes/commit/operation-state.js";
import { identityOf, now, reflogIdentity } from "../../changes/identity.js";
import { withIndexLock } from "../../changes/with-index-lock.js";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { IndexLock } from "../../repository/index-file/index-lock.js";
import { writeTree } from "../../repository/index-file/write-tree.js";
import type { Commit } from "../../repository/objects/types.js";
import type { RefChange } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";
import { requireCleanWorktree } from "../clean-worktree.js";
import { headCommit } from "../head-commit.js";
import type { PickedCommit } from "../picks/run-picks.js";
import { resetMerge } from "../reset-merge.js";
import { GitDirFiles } from "../state/git-dir-files.js";
import { requireUnderWay } from "../state/operation.js";
import { applyRun, pickOnto, type RebaseOutcome, recordRun } from "./rebase.js";
import { endRebase, type RebaseState, readRebase, readRebaseEnds } from "./rebase-state.js";

/** Commits what was resolved (unless nothing is left of it), then picks the rest. @throws ToolError CONFLICT while conflicts are unresolved */
export const continueRebase = (repo: Repository, signal?: AbortSignal): Promise<RebaseOutcome> =>
  withIndexLock(repo, signal, async (lock) => {
    requireUnderWay(repo, "rebase");
    const state = readRebase(repo);
    const { oid: tree } = writeTree(repo.objects, lock.index.entries, lock.index.cacheTree);
    await requireCleanWorktree(repo, lock.index, "rebase", signal);
    const { commit: head } = headCommit(repo);
    const resolved = tree === head.tree ? undefined : commitResolved(repo, state, head, tree);
    return pickLeft(repo, lock, state, resolved, tree, signal);
  });

/** Drops the commit that conflicts, then picks the rest. */
export async function skipInRebase(repo: Repository, signal?: AbortSignal): Promise<RebaseOutcome> {
  await withIndexLock(repo, signal, async (lock) => {
    requireUnderWay(repo, "rebase");
    readRebase(repo);
    const record = () => clearOperationState(repo);
    await resetMerge(repo, lock, headCommit(repo).commit.tree, { what: "rebase-skip", record, signal });
  });
  return continueRebase(repo, signal);
}

/** Goes back to the branch as it was. @returns the ref that keeps what was resolved @throws ToolError CONFLICT where work that is not staged would be lost */
export const abortRebase = (repo: Repository, signal?: AbortSignal): Promise<ByteString | undefined> =>
  withIndexLock(repo, signal, (lock) => {
    requireUnderWay(repo, "rebase");
    const { branch, original } = readRebaseEnds(repo);
    const change: RefChange =
      branch === undefined
        ? { ref: "HEAD", to: original, follow: false }
        : { ref: "HEAD", to: undefined, target: branch };
    const record = (): void => {
      const message = `rebase (abort): returning to ${branch ?? original}`;
      repo.refs.update([change], { who: reflogIdentity(repo.config), message });
      clearOperationState(repo);
      endRebase(repo);
    };
    return resetMerge(repo, lock, repo.objects.commit(original).tree, { what: "rebase-abort", record, signal });
  });

function commitResolved(repo: Repository, state: RebaseState, head: Commit, tree: string): PickedCommit {
  const files = new GitDirFiles(repo.layout);
  const moment = now();
  const committer = identityOf(repo.config, "committer", moment);
  const author = state.stopped?.author ?? identityOf(repo.config, "author", moment);
  const prepared = files.read("MERGE_MSG") ?? files.read("rebase-merge/message") ?? state.stopped?.message ?? "";
  const message = cleanMessage(prepared, "strip");
  const oid = createCommit(repo, { tree, parents: [head.oid], author, committer, message });
  return { source: state.stopped ?? head, oid, subject: subjectOf(message) };
}

async function pickLeft(
  repo: Repository,
  lock: IndexLock,
  state: RebaseState,
  resolved: PickedCommit | undefined,
  tree: string,
  signal: AbortSignal | undefined,
): Promise<RebaseOutcome> {
  const { commit: head } = headCommit(repo);
  const run = await pickOnto(repo, resolved?.oid ?? head.oid, tree, state.left, signal);
  const record = (): void => {
    const who = reflogIdentity(repo.config);
    if (resolved) {
      const message = `rebase (continue): ${resolved.subject}`;
      repo.refs.update([{ ref: "HEAD", to: resolved.oid, expected: head.oid }], { who, message });
    }
    clearOperationState(repo);
    recordRun(repo, state, run);
  };
  await applyRun(repo, lock, tree, run, record, signal);
  const made = resolved ? [resolved, ...run.made] : run.made;
  return { ...run, made, result: run.stopped ? "conflicts" : "rebased", applied: [], undoRef: undefined };
}
