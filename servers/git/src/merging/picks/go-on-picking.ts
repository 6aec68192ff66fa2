import { commit } from "../../changes/commit/commit.js";
import { clearOperationState } from "../../changes/commit/operation-state.js";
import { reflogIdentity } from "../../changes/identity.js";
import { keepForUndo } from "../../changes/undo-ref.js";
import { withIndexLock } from "../../changes/with-index-lock.js";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { writeTree } from "../../repository/index-file/write-tree.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { headCommit } from "../head-commit.js";
import { resetMerge } from "../reset-merge.js";
import { GitDirFiles } from "../state/git-dir-files.js";
import { type Operation, requireUnderWay } from "../state/operation.js";
import { actionOf, type PickOutcome, pickLocked } from "./pick-commits.js";
import { readSequence, readSequenceStart } from "./sequencer.js";

type Picking = Extract<Operation, "cherry-pick" | "revert">;

/** Commits what was resolved (unless nothing is left of it), then picks the rest. @throws ToolError CONFLICT while conflicts are unresolved */
export async function continuePicks(repo: Repository, operation: Picking, signal?: AbortSignal): Promise<PickOutcome> {
  requireUnderWay(repo, operation);
  const { commit: before } = headCommit(repo);
  const isResolved = new GitDirFiles(repo.layout).has(operation === "revert" ? "REVERT_HEAD" : "CHERRY_PICK_HEAD");
  if (isResolved && !isEmpty(repo, before.tree)) await commit(repo, {}, signal);
  return pickRest(repo, operation, before.oid, signal);
}

/** Drops the commit that conflicts, then picks the rest. */
export async function skipPick(repo: Repository, operation: Picking, signal?: AbortSignal): Promise<PickOutcome> {
  const before = await withIndexLock(repo, signal, async (lock) => {
    requireUnderWay(repo, operation);
    const { commit: head } = headCommit(repo);
    const record = () => noteHead(repo, head.oid);
    await resetMerge(repo, lock, head.tree, { what: `${operation}-skip`, record, signal });
    return head.oid;
  });
  return pickRest(repo, operation, before, signal);
}

/** Nothing of the commit is left that was not there before. */
function isEmpty(repo: Repository, headTree: ObjectId): boolean {
  const { entries, cacheTree } = repo.index();
  return writeTree(repo.objects, entries, cacheTree).oid === headTree;
}

async function pickRest(
  repo: Repository,
  operation: Picking,
  before: ObjectId,
  signal?: AbortSignal,
): Promise<PickOutcome> {
  return withIndexLock(repo, signal, async (lock) => {
    const action = actionOf(operation);
    const sequence = readSequence(repo);
    const left = sequence?.commits.slice(1) ?? [];
    const options = { action, ...sequence?.options, signal };
    const earlier = { start: sequence?.start, end: () => endPicking(repo) };
    const outcome = await pickLocked(repo, lock, left, options, earlier);
    return { ...outcome, before };
  });
}

/** Where `HEAD` was before it was reset. */
const noteHead = (repo: Repository, oid: ObjectId): void => new GitDirFiles(repo.layout).write("ORIG_HEAD", `${oid}\n`);

function endPicking(repo: Repository): void {
  clearOperationState(repo);
  new GitDirFiles(repo.layout).removeDirectory("sequencer");
}

/**
 * Goes back to where it began, unless something else was committed since.
 * @returns the ref that keeps the commits that were made, or else what was resolved
 */
export async function abortPicks(
  repo: Repository,
  operation: Picking,
  signal?: AbortSignal,
): Promise<ByteString | undefined> {
  return withIndexLock(repo, signal, async (lock) => {
    requireUnderWay(repo, operation);
    const { commit: head } = headCommit(repo);
    const sequence = readSequenceStart(repo);
    const target = sequence && sequence.reached === head.oid ? repo.objects.commit(sequence.start) : head;
    const undoRef = target.oid === head.oid ? undefined : keepForUndo(repo, `${operation}-commits`, head.oid);
    const record = (): void => {
      const log = { who: reflogIdentity(repo.config), message: `reset: moving to ${target.oid}` };
      noteHead(repo, head.oid);
      repo.refs.update([{ ref: "HEAD", to: target.oid, expected: head.oid }], log);
      endPicking(repo);
    };
    const resolutions = await resetMerge(repo, lock, target.tree, { what: `${operation}-abort`, record, signal });
    return undoRef ?? resolutions;
  });
}
