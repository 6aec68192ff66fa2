import { ToolError } from "@mcp-reference/validation";
import type { FileChange } from "../diff/types.js";
import { Pace } from "../pace.js";
import type { Repository } from "../repository.js";
import { stashCount, upstreamState } from "./branch-state.js";
import { conflictsOf } from "./conflicts.js";
import { treeToIndex } from "./head-changes.js";
import { operationOf } from "./operation.js";
import { PathSelection } from "./path-selection.js";
import { withRenames } from "./renamed-files.js";
import { joinChanges } from "./status-changes.js";
import type { Status, StatusOptions } from "./status-types.js";
import { type WorktreeChanges, worktreeChanges } from "./worktree-changes.js";

/**
 * What `git status --porcelain=v2 --branch` tells. Content is read only where neither index nor memory vouch for a file; the index is
 * not written.
 * @throws ToolError INVALID_ARGUMENT in a bare repository; what reading index, trees and config throws
 */
export async function readStatus(repo: Repository, options: StatusOptions = {}): Promise<Status> {
  return statusAt(repo, options, 0);
}

/** Submodules within submodules that are looked into. */
const DEEPEST = 8;

async function statusAt(repo: Repository, options: StatusOptions, depth: number): Promise<Status> {
  if (depth > DEEPEST) throw new ToolError("TOO_LARGE", `Submodules are nested more than ${DEEPEST} deep`);
  const { untracked = configuredUntracked(repo), ignored = false, signal } = options;
  signal?.throwIfAborted();
  const [selection, pace] = [new PathSelection(options.paths), new Pace(signal)];
  const index = repo.index();
  const head = repo.refs.head();
  const tree = head.oid === undefined ? undefined : repo.objects.commit(head.oid).tree;
  const staged = await treeToIndex(repo.objects, tree, index, { selection, pace });
  const worktree = await worktreeChanges(repo, {
    selection,
    pace,
    untracked,
    ignored,
    submodules: {
      status: (submodule, inner) => statusAt(submodule, inner, depth + 1),
      untracked: untracked !== "no",
      signal,
    },
  });
  return {
    head,
    upstream: upstreamState(repo),
    stashes: stashCount(repo),
    operation: operationOf(repo),
    changes: joinChanges(
      await withRenames(repo, staged, { command: "status", signal }),
      await unstagedRenames(repo, worktree, signal),
      worktree.submodules,
    ),
    conflicts: conflictsOf(index.entries, worktree.conflictModes, worktree.submodules),
    untracked: worktree.untracked,
    ignored: worktree.ignored,
    unverified: worktree.unverified,
  };
}

function configuredUntracked(repo: Repository): "no" | "normal" | "all" {
  const setting = repo.config.get("status.showuntrackedfiles");
  return setting === "no" || setting === "all" ? setting : "normal";
}

/** Git takes the files of paths in conflict for new ones here: what became one of them is not deleted. */
async function unstagedRenames(
  repo: Repository,
  { changes, conflictModes }: WorktreeChanges,
  signal: AbortSignal | undefined,
): Promise<readonly FileChange[]> {
  const candidates: FileChange[] = [...conflictModes].flatMap(([path, mode]) =>
    mode === 0 ? [] : [{ status: "A", before: undefined, after: { path, mode, oid: undefined } }],
  );
  const found = await withRenames(repo, [...changes, ...candidates], { command: "status", signal });
  return candidates.length === 0 ? found : found.filter(({ after }) => !conflictModes.has(after?.path ?? ""));
}
