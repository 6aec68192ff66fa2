import type { ByteString } from "../repository/bytes/byte-string.js";
import { changedPaths, invalidated } from "../repository/index-file/cache-tree.js";
import type { IndexEntry, IndexFile } from "../repository/index-file/types.js";
import { writeTree } from "../repository/index-file/write-tree.js";
import type { ObjectId } from "../repository/object-id.js";
import { formatCommit } from "../repository/objects/format-commit.js";
import { Pace } from "../repository/pace.js";
import type { Repository } from "../repository/repository.js";
import { hashFile } from "../repository/worktree/hash-file.js";
import { reflogIdentity } from "./identity.js";
import { IndexDraft, newEntry } from "./index-edit/index-draft.js";
import type { EntryStates } from "./worktree/entry-states.js";

export interface SnapshotRequest {
  readonly index: IndexFile;
  readonly states: EntryStates;
  /** Untracked files to keep as well. */
  readonly untracked?: readonly ByteString[];
  readonly message: ByteString;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Keeps what is staged and changed in a commit that looks like a stash, so that `git stash apply` brings it back: its tree is the
 * worktree's, its second parent has the index's. Nothing in the worktree or the index changes.
 * @returns undefined where nothing differs from the last commit
 */
export async function snapshotChanges(repo: Repository, request: SnapshotRequest): Promise<ObjectId | undefined> {
  const head = repo.refs.head().oid;
  const headTree = head === undefined ? undefined : repo.objects.commit(head).tree;
  const draft = await worktreeDraft(repo, request);
  const { entries, cacheTree } = request.index;
  const merged = entries.filter(({ stage }) => stage === 0);
  const indexTree = writeTree(repo.objects, merged, cacheTree).oid;
  const worktreeTree = draft.isChanged ? treeOfDraft(repo, request.index, draft) : indexTree;
  if (indexTree === headTree && worktreeTree === headTree) return undefined;
  const parents = head === undefined ? [] : [head];
  const staged = snapshotCommit(repo, indexTree, parents, `index of ${request.message}`);
  return snapshotCommit(repo, worktreeTree, [...parents, staged], request.message);
}

/** Directories without a change keep the trees that the index knows of. */
function treeOfDraft(repo: Repository, { entries, cacheTree }: IndexFile, draft: IndexDraft): ObjectId {
  const changed = draft.entries();
  const known = cacheTree && invalidated(cacheTree, changedPaths(entries, changed));
  return writeTree(repo.objects, changed, known).oid;
}

function snapshotCommit(repo: Repository, tree: ObjectId, parents: readonly ObjectId[], message: ByteString): ObjectId {
  const author = reflogIdentity(repo.config);
  const fields = {
    tree,
    parents,
    author,
    committer: author,
    encoding: undefined,
    headers: [],
    message: `${message}\n`,
  };
  return repo.objects.write("commit", formatCommit(fields));
}

/** The index as it would be if all changes were added. */
async function worktreeDraft(
  repo: Repository,
  { index, states, untracked = [], signal }: SnapshotRequest,
): Promise<IndexDraft> {
  const draft = new IndexDraft(index.entries);
  const pace = new Pace(signal);
  const keep = (path: ByteString): void => {
    const file = states.isBlocked(path) ? undefined : hashFile(repo, path);
    if (file) draft.put(newEntry({ path, mode: file.mode, oid: repo.objects.write("blob", file.content) }));
    else draft.remove(path);
  };
  for (const entry of index.entries) {
    if (pace.due()) await pace.pause();
    if (entry.stage > 0 || isChanged(entry, states)) keep(entry.path);
  }
  for (const path of untracked) keep(path);
  return draft;
}

const isChanged = (entry: IndexEntry, states: EntryStates): boolean =>
  !entry.skipWorktree && (entry.intentToAdd || states.of(entry) !== "same");
