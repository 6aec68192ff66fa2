import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { IndexLock } from "../../repository/index-file/index-lock.js";
import { writeTree } from "../../repository/index-file/write-tree.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Commit, Signature } from "../../repository/objects/types.js";
import type { Head } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";
import { peelTags } from "../../repository/revision/peel.js";
import { hooksNote } from "../hooks.js";
import { identityOf, type Moment, now, type Person, reflogIdentity } from "../identity.js";
import { keepForUndo } from "../undo-ref.js";
import { withIndexLock } from "../with-index-lock.js";
import { createCommit } from "./create-commit.js";
import { checkExpectedHead } from "./expected-head.js";
import { mergeTagHeaders } from "./merge-tags.js";
import { cleanMessage, subjectOf } from "./message.js";
import { clearOperationState, type OperationState, operationState } from "./operation-state.js";

export interface CommitRequest {
  /** May be left out when amending, and where git prepared one, such as for a merge. */
  readonly message?: ByteString | undefined;
  /** Replaces the last commit. */
  readonly amend?: boolean | undefined;
  readonly allowEmpty?: boolean | undefined;
  /** Id, or its first characters, that `HEAD` must have. */
  readonly expectedHead?: string | undefined;
  readonly author?: Partial<Person> | undefined;
  /** False goes on without a signature where one is configured. */
  readonly sign?: boolean | undefined;
  readonly moment?: Moment | undefined;
}

export interface CommitResult {
  readonly oid: ObjectId;
  /** Full name; undefined where `HEAD` is detached. */
  readonly branch: ByteString | undefined;
  readonly parents: readonly ObjectId[];
  readonly tree: ObjectId;
  readonly subject: ByteString;
  /** Keeps the commit that was amended. */
  readonly undoRef: ByteString | undefined;
  /** Hooks that were not run. */
  readonly note: string | undefined;
}

/**
 * Commits what is staged. During a merge the commit gets all its parents, and the merge is over.
 * @throws ToolError CONFLICT while conflicts are unresolved or when `HEAD` is not what was expected, INVALID_ARGUMENT when there is
 * nothing to commit or nobody to commit it, UNSUPPORTED where it cannot be signed as configured
 */
export const commit = (repo: Repository, request: CommitRequest, signal?: AbortSignal): Promise<CommitResult> =>
  withIndexLock(repo, signal, (lock) => commitLocked(repo, lock, request));

function commitLocked(repo: Repository, lock: IndexLock, request: CommitRequest): CommitResult {
  const head = repo.refs.head();
  checkExpectedHead(head, request.expectedHead);
  const state = operationState(repo);
  const amended = request.amend ? amendable(repo, head, state) : undefined;
  const moment = request.moment ?? now();
  const committer = identityOf(repo.config, "committer", moment);
  const message = messageOf(request, amended, state);
  const { oid: tree, cacheTree } = writeTree(repo.objects, lock.index.entries, lock.index.cacheTree);
  const parents = amended?.parents ?? [...(head.oid === undefined ? [] : [head.oid]), ...mergedCommits(repo, state)];
  if (!request.allowEmpty) refuseEmpty(repo, tree, parents, amended);

  const author = authorOf(repo, request, amended, state, moment);
  const headers = mergeTagHeaders(repo, state.mergeHeads);
  const oid = createCommit(repo, { tree, parents, author, committer, message, headers, sign: request.sign });
  const undoRef = amended && keepForUndo(repo, "amend", amended.oid);
  const subject = subjectOf(message);
  repo.refs.update([{ ref: "HEAD", to: oid, expected: head.oid ?? null }], {
    who: reflogIdentity(repo.config, moment),
    message: `commit${kindOf(head, amended, state)}: ${subject}`,
  });
  clearOperationState(repo);
  lock.write(lock.index.entries, { cacheTree });
  const branch = head.kind === "branch" ? head.ref : undefined;
  return { oid, branch, parents, tree, subject, undoRef, note: hooksNote(repo, amended ? "amend" : "commit") };
}

function amendable(repo: Repository, head: Head, state: OperationState): Commit {
  if (head.oid === undefined) throw new ToolError("INVALID_ARGUMENT", "There is no commit yet that could be amended");
  const inTheMiddle = state.mergeHeads.length > 0 ? "merge" : state.cherryPickHead ? "cherry-pick" : undefined;
  if (inTheMiddle === undefined) return repo.objects.commit(head.oid);
  throw new ToolError("CONFLICT", `A ${inTheMiddle} is under way: the commit before it cannot be amended`, {
    hint: "Commit without amend, or reset to end it",
  });
}

function mergedCommits({ objects }: Repository, { mergeHeads }: OperationState): ObjectId[] {
  return mergeHeads.map((oid) => objects.commit(peelTags(objects, oid).oid).oid);
}

function messageOf({ message }: CommitRequest, amended: Commit | undefined, state: OperationState): ByteString {
  if (message !== undefined) return cleanMessage(message);
  if (amended) return amended.message;
  if (state.message !== undefined) return cleanMessage(state.message, "strip");
  throw new ToolError("INVALID_ARGUMENT", "A commit needs a message");
}

/** A commit that is amended or picked stays its author's. */
function authorOf(
  repo: Repository,
  { author }: CommitRequest,
  amended: Commit | undefined,
  { cherryPickHead }: OperationState,
  moment: Moment,
): Signature {
  const original = amended ?? (cherryPickHead === undefined ? undefined : repo.objects.commit(cherryPickHead));
  if (!original) return identityOf(repo.config, "author", moment, author);
  const { name, email, seconds, zone } = original.author;
  return author ? identityOf(repo.config, "author", { seconds, zone }, { name, email, ...author }) : original.author;
}

function refuseEmpty(
  repo: Repository,
  tree: ObjectId,
  parents: readonly ObjectId[],
  amended: Commit | undefined,
): void {
  if (parents.length > 1) return;
  const [parent] = parents;
  const before = parent === undefined ? EMPTY_TREE : repo.objects.commit(parent).tree;
  if (before !== tree) return;
  throw new ToolError(
    "INVALID_ARGUMENT",
    amended ? "Amending the commit so would leave nothing in it" : "Nothing is staged to commit",
    { hint: "Add changed files first, or pass allow_empty" },
  );
}

const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

function kindOf(head: Head, amended: Commit | undefined, state: OperationState): string {
  if (amended) return " (amend)";
  if (head.oid === undefined) return " (initial)";
  if (state.mergeHeads.length > 0) return " (merge)";
  return state.cherryPickHead ? " (cherry-pick)" : "";
}
