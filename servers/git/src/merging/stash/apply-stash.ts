import { ToolError } from "@mcp-reference/validation";
import { newEntry } from "../../changes/index-edit/index-draft.js";
import { switchTree } from "../../changes/switch-tree.js";
import { flatTree } from "../../changes/switching/flat-tree.js";
import { withIndexLock } from "../../changes/with-index-lock.js";
import { listed } from "../../changes/worktree/listed.js";
import type { TrackedFile } from "../../changes/worktree/tracked-file.js";
import { WorktreeWriter } from "../../changes/worktree/worktree-writer.js";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { diffTrees } from "../../repository/diff/tree-diff.js";
import type { FileVersion } from "../../repository/diff/types.js";
import type { IndexLock } from "../../repository/index-file/index-lock.js";
import type { IndexEntry } from "../../repository/index-file/types.js";
import { writeTree } from "../../repository/index-file/write-tree.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { withStages } from "../apply-merge.js";
import { conflictStyle } from "../conflict-style.js";
import { mergeTrees } from "../trees/merge-trees.js";
import type { TreeMerge } from "../trees/types.js";
import { dropStash, type Stash, stashAt } from "./stash-list.js";

export interface ApplyStashRequest {
  readonly number: number;
  /** Stage again what was staged. */
  readonly index?: boolean | undefined;
  /** Drop it when it was applied without conflicts. */
  readonly pop?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface AppliedStash {
  readonly oid: ObjectId;
  readonly conflicts: TreeMerge["conflicts"];
  readonly messages: TreeMerge["messages"];
  readonly dropped: boolean;
}

/**
 * Merges a stash into index and worktree, as `git stash apply`: changes come back unstaged, added files staged.
 * @throws ToolError CONFLICT, before anything is touched, where local changes are in the way; NOT_FOUND
 */
export const applyStash = (repo: Repository, request: ApplyStashRequest): Promise<AppliedStash> =>
  withIndexLock(repo, request.signal, async (lock) => {
    const stash = stashAt(repo, request.number);
    const merge = await applyLocked(repo, lock, stash, request);
    const dropped = request.pop === true && merge.conflicts.length === 0;
    if (dropped) dropStash(repo, request.number, stash.commit.oid);
    return { oid: stash.commit.oid, conflicts: merge.conflicts, messages: merge.messages, dropped };
  });

async function applyLocked(
  repo: Repository,
  lock: IndexLock,
  stash: Stash,
  { index, signal }: ApplyStashRequest,
): Promise<TreeMerge> {
  const { oid: current } = writeTree(repo.objects, lock.index.entries, lock.index.cacheTree);
  const ours = current === stash.base.tree ? "Version stash was based on" : "Updated upstream";
  const labels = { base: "constructed merge base", ours, theirs: "Stashed changes" };
  const options = { labels, style: conflictStyle(repo.config), signal };
  const merged = await mergeTrees(repo, { base: stash.base.tree, ours: current, theirs: stash.commit.tree }, options);
  const staged = index ? await stagedTree(repo, stash, current, options) : undefined;
  const untracked = await untrackedFiles(repo, stash, signal);
  await switchTree(repo, lock, current, merged.tree, {
    operation: "stash",
    signal,
    record: () => writeAll(repo, untracked),
    adjust: (entries) => {
      if (merged.conflicts.length > 0) return withStages(entries, merged.conflicts);
      return withTree(repo, entries, merged.tree, staged ?? current, staged === undefined);
    },
  });
  return merged;
}

/** The index of now with what was staged then. */
async function stagedTree(
  repo: Repository,
  { base, index }: Stash,
  current: ObjectId,
  options: Parameters<typeof mergeTrees>[2],
): Promise<ObjectId> {
  const merged = await mergeTrees(repo, { base: base.tree, ours: current, theirs: index.tree }, options);
  if (merged.conflicts.length === 0) return merged.tree;
  throw new ToolError("CONFLICT", "What was staged conflicts with the index", {
    hint: "Apply the stash without index",
  });
}

async function untrackedFiles(repo: Repository, { untracked }: Stash, signal?: AbortSignal): Promise<TrackedFile[]> {
  if (untracked === undefined) return [];
  const files = [...(await flatTree(repo.objects, untracked.tree, signal)).values()];
  const writer = new WorktreeWriter(repo);
  try {
    const taken = files.filter(({ path }) => writer.lstat(path) !== undefined).map(({ path }) => path);
    if (taken.length === 0) return files;
    throw new ToolError("CONFLICT", `Untracked files of the stash are there already: ${listed(taken)}`, {
      hint: "Move them away first",
    });
  } finally {
    writer.close();
  }
}

function writeAll(repo: Repository, files: readonly TrackedFile[]): void {
  const writer = new WorktreeWriter(repo);
  try {
    for (const file of files) writer.write(file);
  } finally {
    writer.close();
  }
}

/** Entries that make another tree than the worktree's: what differs is then unstaged. @param keepAdded added files stay staged */
function withTree(
  repo: Repository,
  entries: readonly IndexEntry[],
  worktree: ObjectId,
  wanted: ObjectId,
  keepAdded: boolean,
): readonly IndexEntry[] {
  const replaced = new Map<ByteString, FileVersion | undefined>();
  for (const { before, after } of diffTrees(repo, worktree, wanted)) {
    if (before && !(after === undefined && keepAdded)) replaced.set(before.path, undefined);
    if (after) replaced.set(after.path, after);
  }
  const kept = entries.filter(({ path }) => !replaced.has(path));
  const put = [...replaced.values()].flatMap((version) =>
    version?.oid === undefined ? [] : [newEntry({ path: version.path, mode: version.mode, oid: version.oid })],
  );
  return [...kept, ...put].sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
}
