import type { ByteString } from "../bytes/byte-string.js";
import type { FileChange } from "../diff/types.js";
import { Pace } from "../pace.js";
import type { Repository } from "../repository.js";
import { conflictsOf } from "./conflicts.js";
import { treeToIndex } from "./head-changes.js";
import { PathSelection } from "./path-selection.js";
import { withRenames } from "./renamed-files.js";
import { readStatus } from "./status.js";
import type { ConflictedPath } from "./status-types.js";
import { worktreeChanges } from "./worktree-changes.js";

export interface ChangedFilesOptions {
  /** Only these paths and what is below them. */
  readonly paths?: readonly ByteString[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What differs between HEAD and the index, as `git diff --cached` lists it; paths in conflict are left out. */
export async function stagedChanges(
  repo: Repository,
  { paths, signal }: ChangedFilesOptions = {},
): Promise<readonly FileChange[]> {
  const head = repo.refs.head().oid;
  const tree = head === undefined ? undefined : repo.objects.commit(head).tree;
  const options = { selection: new PathSelection(paths), pace: new Pace(signal) };
  return withRenames(repo, await treeToIndex(repo.objects, tree, repo.index(), options), { command: "diff", signal });
}

/**
 * What differs between the index and the worktree, as `git diff` lists it. A path in conflict is `U`, between our version and the
 * file. Of a submodule, `after` is the commit that is checked out.
 * @throws ToolError INVALID_ARGUMENT in a bare repository
 */
export async function unstagedChanges(
  repo: Repository,
  { paths, signal }: ChangedFilesOptions = {},
): Promise<readonly FileChange[]> {
  const { changes, conflictModes, submodules } = await worktreeChanges(repo, {
    selection: new PathSelection(paths),
    pace: new Pace(signal),
    untracked: "no",
    ignored: false,
    submodules: { status: readStatus, untracked: true, signal },
  });
  const found = await withRenames(repo, changes, { command: "diff", signal });
  const conflicts = conflictsOf(repo.index().entries, conflictModes, submodules).map(conflictChange);
  return conflicts.length === 0 ? found : [...found, ...conflicts].sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
}

const conflictChange = ({ path, ours, worktreeMode }: ConflictedPath): FileChange => ({
  status: "U",
  before: ours && { path, ...ours },
  after: worktreeMode === 0 ? undefined : { path, mode: worktreeMode, oid: undefined },
});

const pathOf = ({ before, after }: FileChange): ByteString => (after ?? before)?.path ?? "";
