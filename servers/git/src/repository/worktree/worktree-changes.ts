import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../bytes/byte-string.js";
import type { FileChange } from "../diff/types.js";
import { SUBMODULE } from "../file-mode.js";
import { ignoreRules } from "../ignore/ignore-rules.js";
import type { IndexEntry } from "../index-file/types.js";
import type { ObjectId } from "../object-id.js";
import type { Pace } from "../pace.js";
import type { Repository } from "../repository.js";
import { worktreeOf } from "./hash-file.js";
import type { PathSelection } from "./path-selection.js";
import { statThread } from "./stat-thread/stat-thread.js";
import type { SubmoduleState } from "./status-types.js";
import { type SubmoduleOptions, submoduleState } from "./submodule-state.js";
import { TrackedChanges, type WorktreeChange } from "./tracked-changes.js";
import { UntrackedFiles } from "./untracked-files.js";
import { scanWorktree } from "./worktree-scan.js";

export interface WorktreeOptions {
  readonly selection: PathSelection;
  readonly pace: Pace;
  readonly untracked: "no" | "normal" | "all";
  readonly ignored: boolean;
  readonly submodules: SubmoduleOptions;
}

export interface WorktreeChanges {
  /** In the order of the index. */
  readonly changes: readonly FileChange[];
  /** Those that were looked into. */
  readonly submodules: ReadonlyMap<ByteString, SubmoduleState>;
  /** Modes in the worktree of the paths in conflict, 0 where there is no file. */
  readonly conflictModes: ReadonlyMap<ByteString, number>;
  readonly untracked: readonly ByteString[];
  readonly ignored: readonly ByteString[];
  /** Paths that could not be compared. */
  readonly unverified: readonly ByteString[];
}

/** Everything in which the worktree differs from the index. @throws ToolError INVALID_ARGUMENT in a bare repository */
export async function worktreeChanges(repo: Repository, options: WorktreeOptions): Promise<WorktreeChanges> {
  const { selection, pace, ignored } = options;
  const worktree = worktreeOf(repo);
  const tracked = new TrackedChanges(repo);
  const untracked =
    options.untracked === "no"
      ? undefined
      : new UntrackedFiles({
          worktree,
          rules: ignoreRules(repo),
          selection,
          collapse: options.untracked === "normal",
          ignored,
          pace,
        });
  const { entries } = repo.index();
  await scanWorktree({
    worktree,
    entries,
    selection,
    untracked,
    ignoreCase: repo.config.flag("core.ignorecase") ?? false,
    pace,
    tracked: (entry, stats) => tracked.add(entry, stats),
    ahead: selection.isEverything ? statThread.statsOf(worktree.root, entries) : undefined,
  });
  const submodules = new Map<ByteString, SubmoduleState>();
  const changes = tracked.changes.map(asFileChange);
  for (const entry of tracked.submodules) {
    try {
      const { head, ...state } = await submoduleState(repo, entry, options.submodules);
      const change = submoduleChange(entry, head, state);
      if (change && entry.stage === 0) changes.push(change);
      submodules.set(entry.path, state);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      tracked.unverified.push(entry.path);
    }
  }
  return {
    changes: changes.sort(byPath),
    submodules,
    conflictModes: tracked.conflictModes,
    untracked: untracked?.untracked.sort() ?? [],
    ignored: untracked?.ignored.sort() ?? [],
    unverified: tracked.unverified,
  };
}

function asFileChange({ entry, status, mode }: WorktreeChange): FileChange {
  const { path } = entry;
  const before = status === "A" ? undefined : { path, mode: entry.mode, oid: entry.oid };
  return { status, before, after: mode === 0 ? undefined : { path, mode, oid: undefined } };
}

/** A file may have given way to a repository of its own; where that has no commit, the file is just gone. */
function submoduleChange(
  { path, mode, oid }: IndexEntry,
  head: ObjectId | undefined,
  state: SubmoduleState,
): FileChange | undefined {
  const before = { path, mode, oid };
  const after = { path, mode: SUBMODULE, oid: head };
  if (mode !== SUBMODULE) {
    return head === undefined ? { status: "D", before, after: undefined } : { status: "T", before, after };
  }
  return state.newCommits || state.modified || state.untracked ? { status: "M", before, after } : undefined;
}

const byPath = (a: FileChange, b: FileChange): number => {
  const [one, other] = [(a.before ?? a.after)?.path ?? "", (b.before ?? b.after)?.path ?? ""];
  return one < other ? -1 : one > other ? 1 : 0;
};
