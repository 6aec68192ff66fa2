import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf } from "../../repository/bytes/byte-string.js";
import type { IndexLock } from "../../repository/index-file/index-lock.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { resolveRevision } from "../../repository/revision/resolve.js";
import { worktreeOf } from "../../repository/worktree/hash-file.js";
import { anyMatches, parsePathspecs } from "../add/pathspec.js";
import { clearOperationState, operationState } from "../commit/operation-state.js";
import { reflogIdentity } from "../identity.js";
import { IndexDraft } from "../index-edit/index-draft.js";
import { snapshotChanges } from "../snapshot.js";
import { switchTree } from "../switch-tree.js";
import { flatTree } from "../switching/flat-tree.js";
import { sparseRule } from "../switching/sparse-checkout.js";
import { keepForUndo } from "../undo-ref.js";
import { withIndexLock } from "../with-index-lock.js";
import { EntryStates } from "../worktree/entry-states.js";
import { WorktreeWriter } from "../worktree/worktree-writer.js";
import { resetEntries } from "./reset-entries.js";

export type ResetMode = "soft" | "mixed" | "hard";

export interface ResetRequest {
  readonly mode: ResetMode;
  /** Where the branch goes; `HEAD` unless given. */
  readonly revision?: string | undefined;
  /** What `HEAD` has to be: null for no commit yet; anything unless given. */
  readonly expectedHead?: ObjectId | null | undefined;
}

export interface ResetResult {
  readonly from: ObjectId | undefined;
  readonly to: ObjectId | undefined;
  /** Keeps what a hard reset took away, and the commit that the branch was at. */
  readonly undoRef: ByteString | undefined;
}

/**
 * Moves the current branch: alone (soft), with the index (mixed), or with index and worktree (hard, which loses local changes but for
 * a recovery ref).
 * @throws ToolError what {@link resolveRevision} throws; CONFLICT for a soft reset during a merge
 */
export const reset = (repo: Repository, request: ResetRequest, signal?: AbortSignal): Promise<ResetResult> =>
  withIndexLock(repo, signal, (lock) => resetLocked(repo, lock, request, signal));

async function resetLocked(
  repo: Repository,
  lock: IndexLock,
  { mode, revision = "HEAD", expectedHead }: ResetRequest,
  signal: AbortSignal | undefined,
): Promise<ResetResult> {
  const from = repo.refs.head().oid;
  if (expectedHead !== undefined && (expectedHead ?? undefined) !== from) {
    throw new ToolError("CONFLICT", `HEAD is ${from ?? "without a commit"} now, not ${expectedHead ?? "without one"}`);
  }
  const to = from === undefined && revision === "HEAD" ? undefined : resolveRevision(repo, revision);
  if (mode === "soft" && isUnderWay(repo, lock)) {
    throw new ToolError("CONFLICT", "A merge is under way: the branch cannot be moved alone", {
      hint: "Commit it, or reset mixed or hard to end it",
    });
  }
  const undoRef = await keepWhatIsLost(repo, lock, mode, from, to, signal);
  const record = (): void => {
    if (to !== undefined) moveBranch(repo, from, to, revision);
    clearOperationState(repo);
  };
  if (mode === "soft") record();
  else if (mode === "mixed") await resetIndex(repo, lock, to, { record, signal });
  else await resetHard(repo, lock, to, { record, signal });
  return { from, to, undoRef };
}

/**
 * Makes what is staged of some paths what the last commit, or another revision, has.
 * @returns the paths that changed
 * @throws ToolError as {@link reset}
 */
export const unstage = (
  repo: Repository,
  { paths, revision = "HEAD" }: { paths: readonly string[]; revision?: string | undefined },
  signal?: AbortSignal,
): Promise<ByteString[]> =>
  withIndexLock(repo, signal, async (lock) => {
    const isUnborn = revision === "HEAD" && repo.refs.head().oid === undefined;
    const tree = await treeOf(repo, isUnborn ? undefined : resolveRevision(repo, revision), signal);
    const draft = new IndexDraft(lock.index.entries);
    const exists = (path: ByteString) => tree.has(path) || draft.under(path).length > 0;
    const specs = parsePathspecs(paths, worktreeOf(repo).root, exists);
    const changed = resetEntries(draft, tree, anyMatches(specs), sparseRule(repo));
    if (draft.isChanged) lock.write(draft.entries());
    return changed;
  });

/** What follows when all else is done: the branch moves while nobody else can commit to it. */
interface Steps {
  readonly record: () => void;
  readonly signal: AbortSignal | undefined;
}

async function resetIndex(
  repo: Repository,
  lock: IndexLock,
  to: ObjectId | undefined,
  { record, signal }: Steps,
): Promise<void> {
  const draft = new IndexDraft(lock.index.entries);
  resetEntries(draft, await treeOf(repo, to, signal), () => true, sparseRule(repo));
  record();
  if (draft.isChanged) lock.write(draft.entries());
}

async function resetHard(
  repo: Repository,
  lock: IndexLock,
  to: ObjectId | undefined,
  { record, signal }: Steps,
): Promise<void> {
  const tree = to === undefined ? repo.objects.write("tree", Buffer.alloc(0)) : repo.objects.commit(to).tree;
  await switchTree(repo, lock, undefined, tree, { force: true, operation: "reset", record, signal });
}

async function keepWhatIsLost(
  repo: Repository,
  lock: IndexLock,
  mode: ResetMode,
  from: ObjectId | undefined,
  to: ObjectId | undefined,
  signal: AbortSignal | undefined,
): Promise<ByteString | undefined> {
  const changes = mode === "hard" ? await keepChanges(repo, lock, "changes before reset --hard", signal) : undefined;
  const kept = changes ?? (from === to ? undefined : from);
  return kept === undefined ? undefined : keepForUndo(repo, `reset-${mode}`, kept);
}

/** A commit of what is staged and changed now; undefined where nothing is. See {@link snapshotChanges}. */
export async function keepChanges(
  repo: Repository,
  { index }: IndexLock,
  message: ByteString,
  signal: AbortSignal | undefined,
  untracked: readonly ByteString[] = [],
): Promise<ObjectId | undefined> {
  const writer = new WorktreeWriter(repo);
  try {
    const states = new EntryStates(repo, index, writer);
    return await snapshotChanges(repo, { index, states, untracked, message, signal });
  } finally {
    writer.close();
  }
}

function moveBranch(repo: Repository, from: ObjectId | undefined, to: ObjectId, revision: string): void {
  const log = { who: reflogIdentity(repo.config), message: `reset: moving to ${bytesOf(revision)}` };
  if (from !== undefined) repo.refs.update([{ ref: "ORIG_HEAD", to: from }], log);
  repo.refs.update([{ ref: "HEAD", to, expected: from ?? null }], log);
}

const isUnderWay = (repo: Repository, { index }: IndexLock): boolean =>
  operationState(repo).mergeHeads.length > 0 || index.entries.some(({ stage }) => stage > 0);

const treeOf = async (repo: Repository, commit: ObjectId | undefined, signal: AbortSignal | undefined) =>
  flatTree(repo.objects, commit === undefined ? undefined : repo.objects.commit(commit).tree, signal);
