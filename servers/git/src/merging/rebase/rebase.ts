import { reflogIdentity } from "../../changes/identity.js";
import { keepForUndo } from "../../changes/undo-ref.js";
import { withIndexLock } from "../../changes/with-index-lock.js";
import { type ByteString, bytesOf } from "../../repository/bytes/byte-string.js";
import type { IndexLock } from "../../repository/index-file/index-lock.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Commit } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";
import { resolveRevision } from "../../repository/revision/resolve.js";
import { applyMerge } from "../apply-merge.js";
import { requireCleanIndex } from "../clean-index.js";
import { requireCleanWorktree } from "../clean-worktree.js";
import { withConflictList } from "../commit-names.js";
import { headCommit } from "../head-commit.js";
import { type PickRun, runPicks } from "../picks/run-picks.js";
import { GitDirFiles } from "../state/git-dir-files.js";
import { refuseWhileUnderWay } from "../state/operation.js";
import { commitsToRebase } from "./commits-to-rebase.js";
import { patchOfCommit } from "./patch-text.js";
import { endRebase, type RebaseState, writeRebase } from "./rebase-state.js";

export interface RebaseRequest {
  /** Commits that it has are left out; they go on top of it, unless `onto` says otherwise. */
  readonly upstream: string;
  readonly onto?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RebaseOutcome extends PickRun {
  readonly result: "up to date" | "rebased" | "conflicts";
  /** Left out, as upstream has the same patch. */
  readonly applied: readonly Commit[];
  /** Keeps what was checked out before. */
  readonly undoRef: ByteString | undefined;
}

/**
 * Puts the commits of the current branch on top of another, without merges. Where one conflicts, git or `continueRebase` can go on.
 * @throws ToolError CONFLICT, before anything is touched, where there are local changes or something else is under way
 */
export const rebase = (repo: Repository, request: RebaseRequest): Promise<RebaseOutcome> =>
  withIndexLock(repo, request.signal, (lock) => rebaseLocked(repo, lock, request));

async function rebaseLocked(repo: Repository, lock: IndexLock, request: RebaseRequest): Promise<RebaseOutcome> {
  const { signal } = request;
  refuseWhileUnderWay(repo);
  const { head, commit } = headCommit(repo);
  requireCleanIndex(repo, lock.index, commit.tree, "rebase");
  await requireCleanWorktree(repo, lock.index, "rebase", signal);
  const upstream = resolveRevision(repo, request.upstream);
  const onto = repo.objects.commit(request.onto === undefined ? upstream : resolveRevision(repo, request.onto));
  const { commits, applied } = await commitsToRebase(repo, upstream, commit.oid, signal);
  const run = await pickOnto(repo, onto.oid, onto.tree, commits, signal);
  if (run.tip === commit.oid && !run.stopped) return { ...run, result: "up to date", applied, undoRef: undefined };

  const undoRef = keepForUndo(repo, "rebase", commit.oid);
  const branch = head.kind === "branch" ? head.ref : undefined;
  const state: RebaseState = {
    branch,
    onto: onto.oid,
    original: commit.oid,
    done: [],
    left: commits,
    stopped: undefined,
  };
  const record = (): void => {
    new GitDirFiles(repo.layout).write("ORIG_HEAD", `${commit.oid}\n`);
    // Commits that are in place already are not picked again: git starts above them.
    const kept = run.made.filter(({ source, oid }) => source.oid === oid);
    const start = kept.at(-1)?.oid ?? onto.oid;
    const name = bytesOf(request.onto ?? request.upstream);
    const log = { who: reflogIdentity(repo.config), message: `rebase (start): checkout ${name}` };
    repo.refs.update([{ ref: "HEAD", to: start, expected: commit.oid, follow: false }], log);
    recordRun(repo, state, { ...run, made: run.made.slice(kept.length) });
  };
  await applyRun(repo, lock, commit.tree, run, record, signal);
  return { ...run, result: run.stopped ? "conflicts" : "rebased", applied, undoRef };
}

export const pickOnto = (
  repo: Repository,
  tip: ObjectId,
  tree: ObjectId,
  commits: readonly Commit[],
  signal: AbortSignal | undefined,
): Promise<PickRun> =>
  runPicks(repo, tip, tree, commits, { action: "pick", fastForward: true, keepEmpty: true, signal });

export const applyRun = (
  repo: Repository,
  lock: IndexLock,
  from: ObjectId,
  run: PickRun,
  record: () => void,
  signal: AbortSignal | undefined,
): Promise<void> =>
  applyMerge(
    repo,
    lock,
    from,
    { tree: run.tree, conflicts: run.stopped?.merge.conflicts ?? [] },
    { operation: "rebase", signal, record },
  );

/** Moves `HEAD` along what was picked; then back to the branch, or leaves what is needed to go on. */
export function recordRun(repo: Repository, state: RebaseState, run: PickRun): void {
  const who = reflogIdentity(repo.config);
  for (const { oid, subject } of run.made) {
    repo.refs.update([{ ref: "HEAD", to: oid }], { who, message: `rebase (pick): ${subject}` });
  }
  if (run.stopped) recordStop(repo, state, run, run.stopped);
  else finish(repo, state, run.tip);
}

function recordStop(
  repo: Repository,
  state: RebaseState,
  run: PickRun,
  { source, message, merge }: NonNullable<PickRun["stopped"]>,
): void {
  const files = new GitDirFiles(repo.layout);
  const paths = merge.conflicts.map(({ path }) => path);
  const done = [...state.done, ...state.left.slice(0, state.left.length - run.left.length)];
  const patch = patchOfCommit(repo, source);
  files.write("MERGE_MSG", withConflictList(message, paths));
  files.write("AUTO_MERGE", `${merge.tree}\n`);
  writeRebase(repo, { ...state, done, left: run.left, stopped: source }, { source, message, patch });
}

function finish(repo: Repository, { branch, original, onto }: RebaseState, tip: ObjectId): void {
  const who = reflogIdentity(repo.config);
  if (branch !== undefined) {
    const message = `rebase (finish): ${branch} onto ${onto}`;
    repo.refs.update([{ ref: branch, to: tip, expected: original }], { who, message });
    repo.refs.update([{ ref: "HEAD", to: undefined, target: branch }], {
      who,
      message: `rebase (finish): returning to ${branch}`,
    });
  }
  endRebase(repo);
}
