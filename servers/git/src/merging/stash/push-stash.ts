import { ToolError } from "@mcp-reference/validation";
import { createCommit } from "../../changes/commit/create-commit.js";
import { subjectOf } from "../../changes/commit/message.js";
import { identityOf, now } from "../../changes/identity.js";
import { IndexDraft } from "../../changes/index-edit/index-draft.js";
import { flatTree } from "../../changes/switching/flat-tree.js";
import { carryOut, emptyPlan } from "../../changes/switching/worktree-plan.js";
import { withIndexLock } from "../../changes/with-index-lock.js";
import { WorktreeWriter } from "../../changes/worktree/worktree-writer.js";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { IndexLock } from "../../repository/index-file/index-lock.js";
import { writeTree } from "../../repository/index-file/write-tree.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Commit, Signature } from "../../repository/objects/types.js";
import type { Head } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";
import { abbreviate } from "../../repository/revision/abbreviate.js";
import { headCommit } from "../head-commit.js";
import { editTree } from "../trees/edit-tree.js";
import type { Version } from "../trees/types.js";
import { STASH } from "./stash-list.js";
import { type LocalChanges, type LocalChangesRequest, localChanges } from "./worktree-files.js";

export interface StashRequest extends LocalChangesRequest {
  readonly message?: ByteString | undefined;
  /** Leave what is staged in index and worktree. */
  readonly keepIndex?: boolean | undefined;
}

export interface StashedChanges {
  readonly oid: ObjectId;
  readonly message: ByteString;
  readonly files: number;
}

/**
 * Puts local changes away and makes the worktree what the last commit has, as `git stash push`; git can apply it.
 * @returns undefined where there is nothing to put away
 * @throws ToolError CONFLICT while a merge is unresolved
 */
export const pushStash = (repo: Repository, request: StashRequest): Promise<StashedChanges | undefined> =>
  withIndexLock(repo, request.signal, async (lock) => {
    const { head, commit } = headCommit(repo);
    const { oid: indexTree } = writeTree(repo.objects, lock.index.entries, lock.index.cacheTree);
    const changes = await localChanges(repo, request);
    const files = changes.tracked.size + changes.untracked.size;
    if (files === 0) return undefined;
    const name = `${branchName(head)}: ${abbreviate(repo, commit.oid)} ${subjectOf(commit.message)}`;
    const message = request.message === undefined ? `WIP on ${name}` : `On ${branchName(head)}: ${request.message}`;
    const oid = writeStash(repo, { commit, indexTree, changes, name, message });
    const before = repo.refs.resolve(STASH) ?? null;
    const log = { who: whoOf(repo), message };
    repo.refs.update([{ ref: STASH, to: oid, expected: before, keepLog: true }], log);
    await takeAway(repo, lock, request.keepIndex ? indexTree : commit.tree, changes, request.signal);
    return { oid, message, files };
  });

const branchName = (head: Head): ByteString =>
  head.kind === "branch" ? head.ref.replace(/^refs\/heads\//, "") : "(no branch)";

interface NewStash {
  readonly commit: Commit;
  readonly indexTree: ObjectId;
  readonly changes: LocalChanges;
  readonly name: ByteString;
  readonly message: ByteString;
}

function writeStash(repo: Repository, { commit, indexTree, changes, name, message }: NewStash): ObjectId {
  const who = whoOf(repo);
  const write = (tree: ObjectId, parents: readonly ObjectId[], text: ByteString): ObjectId =>
    createCommit(repo, { tree, parents, author: who, committer: who, message: text, sign: false });
  const index = write(indexTree, [commit.oid], `index on ${name}\n`);
  const tree = editTree(repo.objects, indexTree, changes.tracked);
  const parents = [commit.oid, index];
  if (changes.untracked.size > 0) {
    parents.push(write(editTree(repo.objects, undefined, changes.untracked), [], `untracked files on ${name}\n`));
  }
  return write(tree, parents, message);
}

/** Stashing needs no configured name, as its commits go nowhere. */
function whoOf(repo: Repository): Signature {
  const moment = now();
  try {
    return identityOf(repo.config, "committer", moment);
  } catch (error) {
    if (error instanceof ToolError) return { name: "git", email: "git@stash", ...moment };
    throw error;
  }
}

/** What is stashed is removed from index and worktree. */
async function takeAway(
  repo: Repository,
  lock: IndexLock,
  tree: ObjectId,
  { tracked, untracked }: LocalChanges,
  signal: AbortSignal | undefined,
): Promise<void> {
  const wanted = await flatTree(repo.objects, tree, signal);
  const draft = new IndexDraft(lock.index.entries);
  const writer = new WorktreeWriter(repo);
  const plan = emptyPlan();
  const removed = ([path, version]: readonly [ByteString, Version | undefined]) => ({
    path,
    ...(version ?? { mode: 0o100644, oid: "" }),
  });
  try {
    for (const change of tracked) {
      const [path] = change;
      const file = wanted.get(path);
      draft.remove(path);
      if (file) plan.write.push(file);
      else if (change[1]) plan.remove.push(removed(change));
    }
    for (const change of untracked) plan.remove.push(removed(change));
    await carryOut(plan, repo, writer, draft, signal);
    lock.write(draft.entries());
  } finally {
    writer.close();
  }
}
