import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { FileChange, FileVersion } from "../../repository/diff/types.js";
import { isSameType } from "../../repository/file-mode.js";
import type { ObjectId } from "../../repository/object-id.js";
import { Pace } from "../../repository/pace.js";
import type { Repository } from "../../repository/repository.js";
import { unstagedChanges } from "../../repository/worktree/changed-files.js";
import { hashFile } from "../../repository/worktree/hash-file.js";
import { treeToIndex } from "../../repository/worktree/head-changes.js";
import { PathSelection } from "../../repository/worktree/path-selection.js";
import { withRenames } from "../../repository/worktree/renamed-files.js";
import type { ChangeFilter } from "./changes-between.js";

/** What differs between a tree and the worktree, staged or not: tracked files only, renames found. */
export async function changesSince(
  repo: Repository,
  tree: ObjectId,
  filter: ChangeFilter,
): Promise<readonly FileChange[]> {
  const { paths, signal } = filter;
  const limits = { selection: new PathSelection(paths), pace: new Pace(signal) };
  const staged = await treeToIndex(repo.objects, tree, repo.index(), limits);
  const byPath = new Map(staged.map((change) => [pathOf(change), change]));
  for (const unstaged of (await unstagedChanges(repo, filter)).flatMap(asParts)) {
    const path = pathOf(unstaged);
    const original = byPath.has(path) ? byPath.get(path)?.before : unstaged.before;
    const change = changeOf(repo, original, unstaged.after);
    if (change) byPath.set(path, change);
    else byPath.delete(path);
  }
  const changes = [...byPath.values()].sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
  return withRenames(repo, changes, { command: "diff", signal });
}

type Sides = Pick<FileChange, "before" | "after">;

/** A rename is found again where both steps are known. */
const asParts = ({ status, before, after }: FileChange): Sides[] =>
  status === "R" || status === "C"
    ? [
        { before, after: undefined },
        { before: undefined, after },
      ].slice(status === "C" ? 1 : 0)
    : [{ before, after }];

const pathOf = ({ before, after }: Sides): ByteString => (after ?? before)?.path ?? "";

/** Undefined where the worktree is as the tree again. */
function changeOf(
  repo: Repository,
  before: FileVersion | undefined,
  after: FileVersion | undefined,
): FileChange | undefined {
  if (!before || !after) return before || after ? { status: before ? "D" : "A", before, after } : undefined;
  if (!isSameType(before.mode, after.mode)) return { status: "T", before, after };
  const oid = after.oid ?? hashFile(repo, after.path)?.oid;
  return before.mode === after.mode && before.oid === oid ? undefined : { status: "M", before, after };
}
