import { ToolError } from "@mcp-reference/validation";
import { createCommit } from "../../changes/commit/create-commit.js";
import { mergeTagHeaders } from "../../changes/commit/merge-tags.js";
import { cleanMessage } from "../../changes/commit/message.js";
import { identityOf, now, reflogIdentity } from "../../changes/identity.js";
import { withIndexLock } from "../../changes/with-index-lock.js";
import { type ByteString, bytesOf } from "../../repository/bytes/byte-string.js";
import { isAncestor, mergeBases } from "../../repository/history/merge-base.js";
import type { IndexLock } from "../../repository/index-file/index-lock.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Commit, Tag } from "../../repository/objects/types.js";
import type { Head } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";
import { resolveRevision } from "../../repository/revision/resolve.js";
import { applyMerge } from "../apply-merge.js";
import { requireCleanIndex } from "../clean-index.js";
import { withConflictList } from "../commit-names.js";
import { conflictStyle } from "../conflict-style.js";
import { GitDirFiles } from "../state/git-dir-files.js";
import { refuseWhileUnderWay } from "../state/operation.js";
import { mergeCommits } from "../trees/merge-commits.js";
import type { PathConflict, TreeMerge } from "../trees/types.js";
import { mergeIntoUnborn } from "./merge-into-unborn.js";
import { mergeMessage } from "./merge-message.js";
import { mergedTag } from "./merged-tag.js";
import { squashMessage } from "./squash-message.js";

export interface MergeRequest {
  /** Branch, tag or commit, as the caller calls it. */
  readonly revision: string;
  /** `allow` unless told, or as `merge.ff` says: fast-forward where it is possible. */
  readonly fastForward?: "allow" | "never" | "only" | undefined;
  /** Leave the changes staged, without a merge commit. */
  readonly squash?: boolean | undefined;
  /** Stop before the commit, so that the result can be looked at. */
  readonly noCommit?: boolean | undefined;
  readonly message?: ByteString | undefined;
  readonly allowUnrelated?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MergeOutcome {
  readonly result: "up to date" | "fast-forward" | "merged" | "squashed" | "staged" | "conflicts";
  /** What was checked out before; undefined on a branch that had no commit. */
  readonly before: ObjectId | undefined;
  /** What is checked out now. */
  readonly head: ObjectId;
  readonly conflicts: readonly PathConflict[];
  readonly messages: readonly ByteString[];
}

/** @throws ToolError CONFLICT, before anything is touched, where local changes are in the way or something else is under way */
export const merge = (repo: Repository, request: MergeRequest): Promise<MergeOutcome> =>
  withIndexLock(repo, request.signal, (lock) => mergeLocked(repo, lock, request));

async function mergeLocked(repo: Repository, lock: IndexLock, request: MergeRequest): Promise<MergeOutcome> {
  refuseWhileUnderWay(repo);
  const head = repo.refs.head();
  const theirs = repo.objects.commit(resolveRevision(repo, request.revision));
  if (head.oid === undefined) return mergeIntoUnborn(repo, lock, request, theirs);
  const ours = repo.objects.commit(head.oid);
  const merge: Merge = { repo, lock, request, head, ours, theirs };
  const nothing = { before: ours.oid, head: ours.oid, conflicts: [], messages: [] };
  if (isAncestor(repo, theirs.oid, ours.oid)) return { ...nothing, result: "up to date" };
  const mode = fastForwardOf(repo, request);
  if (isAncestor(repo, ours.oid, theirs.oid) && (mode !== "never" || request.squash)) return fastForward(merge);
  if (mode === "only") {
    throw new ToolError("CONFLICT", "The branches have diverged: this cannot be a fast-forward", {
      hint: "Merge without ff_only, or rebase first",
    });
  }
  if (!request.allowUnrelated && mergeBases(repo, ours.oid, theirs.oid).length === 0) {
    throw new ToolError("CONFLICT", "The histories have nothing in common", {
      hint: "Pass allow_unrelated to merge them still",
    });
  }
  requireCleanIndex(repo, lock.index, ours.tree, "merge");
  return threeWay(merge, mode === "never");
}

interface Merge {
  readonly repo: Repository;
  readonly lock: IndexLock;
  readonly request: MergeRequest;
  readonly head: Head;
  readonly ours: Commit;
  readonly theirs: Commit;
}

function fastForwardOf({ config }: Repository, { fastForward }: MergeRequest): "allow" | "never" | "only" {
  if (fastForward !== undefined) return fastForward;
  if (config.get("merge.ff") === "only") return "only";
  return config.flag("merge.ff") === false ? "never" : "allow";
}

async function fastForward(merge: Merge): Promise<MergeOutcome> {
  const { repo, lock, request, ours, theirs } = merge;
  const message = request.squash ? await squashMessage(repo, ours.oid, theirs.oid, request.signal) : "";
  const record = (): void => {
    if (request.squash) new GitDirFiles(repo.layout).write("SQUASH_MSG", message);
    else moveHead(merge, theirs.oid, "Fast-forward");
  };
  await applyMerge(repo, lock, ours.tree, { tree: theirs.tree, conflicts: [] }, optionsFor(merge, record));
  const result = request.squash ? "squashed" : "fast-forward";
  return { result, before: ours.oid, head: request.squash ? ours.oid : theirs.oid, conflicts: [], messages: [] };
}

async function threeWay(merge: Merge, neverFastForward: boolean): Promise<MergeOutcome> {
  const { repo, lock, request, head, ours, theirs } = merge;
  const labels = { ours: "HEAD", theirs: bytesOf(request.revision) };
  const style = conflictStyle(repo.config);
  const merged = await mergeCommits(repo, ours.oid, theirs.oid, { labels, style, signal: request.signal });
  const { conflicts, messages } = merged;
  const outcome = { before: ours.oid, conflicts, messages };
  const tag = mergedTag(repo, request.revision);
  const message =
    request.message === undefined ? mergeMessage(repo, head, request.revision, tag) : cleanMessage(request.message);
  const isWaiting = conflicts.length > 0 || request.noCommit === true;
  if (request.squash) {
    const squashed = await squashMessage(repo, ours.oid, theirs.oid, request.signal);
    await applyMerge(
      repo,
      lock,
      ours.tree,
      merged,
      optionsFor(merge, () => recordSquash(merge, merged, squashed)),
    );
    return { ...outcome, result: conflicts.length > 0 ? "conflicts" : "squashed", head: ours.oid };
  }
  if (isWaiting) {
    const mode = neverFastForward ? "no-ff" : "";
    await applyMerge(
      repo,
      lock,
      ours.tree,
      merged,
      optionsFor(merge, () => recordWaiting(merge, merged, { head: tag?.oid ?? theirs.oid, message, mode })),
    );
    return { ...outcome, result: conflicts.length > 0 ? "conflicts" : "staged", head: ours.oid };
  }
  const oid = commitMerge(merge, merged.tree, message, tag);
  const record = () => moveHead(merge, oid, "Merge made by the 'ort' strategy.");
  await applyMerge(repo, lock, ours.tree, merged, optionsFor(merge, record));
  return { ...outcome, result: "merged", head: oid };
}

const optionsFor = ({ request }: Merge, record: () => void) => ({ operation: "merge", signal: request.signal, record });

function commitMerge(
  { repo, ours, theirs }: Merge,
  tree: ObjectId,
  message: ByteString,
  tag: Tag | undefined,
): ObjectId {
  const moment = now();
  const author = identityOf(repo.config, "author", moment);
  const committer = identityOf(repo.config, "committer", moment);
  const headers = tag && mergeTagHeaders(repo, [tag.oid]);
  return createCommit(repo, { tree, parents: [ours.oid, theirs.oid], author, committer, message, headers });
}

function moveHead({ repo, request, ours }: Merge, to: ObjectId, how: string): void {
  const files = new GitDirFiles(repo.layout);
  files.write("ORIG_HEAD", `${ours.oid}\n`);
  const log = { who: reflogIdentity(repo.config), message: `merge ${bytesOf(request.revision)}: ${how}` };
  repo.refs.update([{ ref: "HEAD", to, expected: ours.oid }], log);
}

/** What the commit that ends the merge has to know. */
interface Waiting {
  /** The tag, where one is merged. */
  readonly head: ObjectId;
  readonly message: ByteString;
  readonly mode: string;
}

function recordWaiting({ repo, ours }: Merge, merged: TreeMerge, { head, message, mode }: Waiting): void {
  const files = new GitDirFiles(repo.layout);
  const paths = merged.conflicts.map(({ path }) => path);
  files.write("ORIG_HEAD", `${ours.oid}\n`);
  files.write("MERGE_MODE", mode);
  files.write("MERGE_MSG", paths.length > 0 ? withConflictList(message, paths) : message);
  if (paths.length > 0) files.write("AUTO_MERGE", `${merged.tree}\n`);
  files.write("MERGE_HEAD", `${head}\n`);
}

function recordSquash({ repo }: Merge, merged: TreeMerge, message: ByteString): void {
  const files = new GitDirFiles(repo.layout);
  const paths = merged.conflicts.map(({ path }) => path);
  files.write("SQUASH_MSG", message);
  if (paths.length > 0) files.write("MERGE_MSG", withConflictList("", paths));
}
