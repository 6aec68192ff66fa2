import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf, textOf } from "../../repository/bytes/byte-string.js";
import type { IndexLock } from "../../repository/index-file/index-lock.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Head } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";
import { operationOf } from "../../repository/worktree/operation.js";
import { newBranchRef, shortName } from "../branches/branch-name.js";
import { createBranch } from "../branches/create-branch.js";
import { refuseCheckedOutElsewhere } from "../branches/other-worktrees.js";
import { clearOperationState } from "../commit/operation-state.js";
import { hooksNote } from "../hooks.js";
import { reflogIdentity } from "../identity.js";
import { keepChanges } from "../reset/reset.js";
import { type SwitchOptions, type SwitchResult, switchTree } from "../switch-tree.js";
import { keepForUndo } from "../undo-ref.js";
import { withIndexLock } from "../with-index-lock.js";
import { checkoutTarget } from "./checkout-target.js";

export interface CheckoutRequest {
  /** A branch, tag or other revision; of a new branch its name. `-` is what was checked out before. */
  readonly name: string;
  /** Makes the branch first. */
  readonly create?: boolean | undefined;
  /** Where a new branch starts; `HEAD` unless given. */
  readonly startPoint?: string | undefined;
  /** Checks out the commit, not the branch. */
  readonly detach?: boolean | undefined;
  /** Gives up local changes, after keeping them in a recovery ref. */
  readonly force?: boolean | undefined;
}

export interface CheckoutResult {
  /** Full name; undefined where `HEAD` is detached now. */
  readonly branch: ByteString | undefined;
  readonly oid: ObjectId | undefined;
  readonly created: boolean;
  /** Remote-tracking branch that a new branch follows. */
  readonly upstream: ByteString | undefined;
  /** Files written and removed. */
  readonly written: number;
  readonly removed: number;
  readonly undoRef: ByteString | undefined;
  readonly note: string | undefined;
}

/**
 * Switches to a branch or commit; local changes that are not in the way are kept.
 * @throws ToolError CONFLICT, naming paths, where changes would be lost, another worktree has the branch, or a merge is under way
 */
export const checkout = (repo: Repository, request: CheckoutRequest, signal?: AbortSignal): Promise<CheckoutResult> =>
  withIndexLock(repo, signal, (lock) => checkoutLocked(repo, lock, request, signal));

async function checkoutLocked(
  repo: Repository,
  lock: IndexLock,
  request: CheckoutRequest,
  signal: AbortSignal | undefined,
): Promise<CheckoutResult> {
  const head = repo.refs.head();
  if (!request.force) refuseUnderWay(repo);
  if (request.create && head.oid === undefined && request.startPoint === undefined) {
    return onUnbornBranch(repo, head, request.name);
  }
  const next = destination(repo, request);
  if (next.ref !== undefined && !(head.kind === "branch" && head.ref === next.ref)) {
    refuseCheckedOutElsewhere(repo, next.ref);
  }
  if (next.isNew && next.ref !== undefined && repo.refs.resolve(next.ref) !== undefined) {
    throw new ToolError("ALREADY_EXISTS", `Branch "${shortName(next.ref)}" exists already`, {
      hint: "Check it out without create",
    });
  }
  const undoRef = request.force ? await keepLocalChanges(repo, lock, signal) : undefined;
  let upstream: ByteString | undefined;
  const record = (): void => {
    if (next.isNew && next.ref) upstream = createBranch(repo, shortName(next.ref), next.base).upstream;
    moveHead(repo, head, next);
    if (request.force) clearOperationState(repo);
  };
  const counts = await switchFiles(repo, lock, head, next.oid, { force: request.force ?? false, record, signal });
  const note = hooksNote(repo, "checkout");
  return { branch: next.ref, oid: next.oid, created: next.isNew, upstream, ...counts, undoRef, note };
}

interface Destination {
  /** Full name of a branch; undefined detaches `HEAD`. */
  readonly ref: ByteString | undefined;
  readonly oid: ObjectId;
  readonly isNew: boolean;
  /** What a new branch starts from. */
  readonly base: string;
  /** As the reflog tells it. */
  readonly label: ByteString;
}

function destination(repo: Repository, { name, create, startPoint, detach = false }: CheckoutRequest): Destination {
  const label = bytesOf(name);
  if (create) {
    const { oid } = checkoutTarget(repo, startPoint ?? "HEAD", true);
    return { ref: newBranchRef(name), oid, isNew: true, base: startPoint ?? "HEAD", label };
  }
  if (startPoint !== undefined) {
    throw new ToolError("INVALID_ARGUMENT", "A start point is for a new branch", { hint: "Pass create too" });
  }
  const target = checkoutTarget(repo, name, detach);
  if (target.kind === "remote") {
    return { ref: newBranchRef(target.name), oid: target.oid, isNew: true, base: textOf(target.tracked), label };
  }
  if (target.kind === "detached") return { ref: undefined, oid: target.oid, isNew: false, base: "", label };
  return { ref: target.ref, oid: target.oid, isNew: false, base: "", label: bytesOf(shortName(target.ref)) };
}

/** Not a single file is looked at where the commit stays the same. */
async function switchFiles(
  repo: Repository,
  lock: IndexLock,
  head: Head,
  to: ObjectId,
  options: SwitchOptions & { readonly record: () => void },
): Promise<SwitchResult> {
  if (head.oid === to && !options.force) {
    options.record();
    return { written: 0, removed: 0 };
  }
  const from = head.oid === undefined ? undefined : repo.objects.commit(head.oid).tree;
  return switchTree(repo, lock, from, repo.objects.commit(to).tree, { ...options, operation: "checkout" });
}

function moveHead(repo: Repository, head: Head, { ref, oid, label }: Destination): void {
  const from = head.kind === "branch" ? head.ref.replace(/^refs\/heads\//, "") : head.oid;
  const log = { who: reflogIdentity(repo.config), message: `checkout: moving from ${from} to ${label}` };
  const expected = head.oid ?? null;
  if (ref === undefined) repo.refs.update([{ ref: "HEAD", to: oid, follow: false, expected }], log);
  else repo.refs.update([{ ref: "HEAD", to: undefined, target: ref, expected }], log);
}

/** There is no commit that a branch could start from: only the name of the first one changes. */
function onUnbornBranch(repo: Repository, head: Head, name: string): CheckoutResult {
  const branch = newBranchRef(name);
  if (repo.refs.resolve(branch) !== undefined) throw new ToolError("ALREADY_EXISTS", `Branch "${name}" exists already`);
  if (head.kind === "branch") {
    const log = { who: reflogIdentity(repo.config), message: "" };
    repo.refs.update([{ ref: "HEAD", to: undefined, target: branch }], log);
  }
  const nothing = { upstream: undefined, undoRef: undefined, note: undefined };
  return { branch, oid: undefined, created: true, written: 0, removed: 0, ...nothing };
}

async function keepLocalChanges(
  repo: Repository,
  lock: IndexLock,
  signal: AbortSignal | undefined,
): Promise<ByteString | undefined> {
  const kept = await keepChanges(repo, lock, "changes before checkout --force", signal);
  return kept === undefined ? undefined : keepForUndo(repo, "checkout-force", kept);
}

function refuseUnderWay(repo: Repository): void {
  const operation = operationOf(repo);
  if (operation === undefined || operation === "bisect") return;
  throw new ToolError("CONFLICT", `A ${operation} is under way: switching now would mix it with another branch`, {
    hint: "Commit, continue or abort it first",
  });
}
