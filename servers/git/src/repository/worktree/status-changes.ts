import type { ByteString } from "../bytes/byte-string.js";
import type { FileChange } from "../diff/types.js";
import { SUBMODULE } from "../file-mode.js";
import { NULL_ID } from "../object-id.js";
import { type ChangedPath, type ChangeLetter, type SubmoduleState, UNCHANGED_SUBMODULE } from "./status-types.js";

/**
 * Puts together what is staged and what is not: one line for each path.
 * @param submodules states of those that were looked into, by path
 */
export function joinChanges(
  staged: readonly FileChange[],
  unstaged: readonly FileChange[],
  submodules: ReadonlyMap<ByteString, SubmoduleState>,
): readonly ChangedPath[] {
  const inIndex = new Map(staged.map((change) => [pathOf(change), change]));
  const inWorktree = new Map(unstaged.map((change) => [pathOf(change), change]));
  const paths = [...new Set([...inIndex.keys(), ...inWorktree.keys()])].sort();
  return paths.map((path) => changedPath(path, inIndex.get(path), inWorktree.get(path), submodules.get(path)));
}

const pathOf = ({ before, after }: FileChange): ByteString => (after ?? before)?.path ?? "";

/** Where a file did not change, one column is as the other. */
function changedPath(
  path: ByteString,
  staged: FileChange | undefined,
  unstaged: FileChange | undefined,
  submodule: SubmoduleState | undefined,
): ChangedPath {
  const index = unstaged ? unstaged.before : staged?.after;
  const head = staged ? staged.before : index;
  const modes = {
    head: head?.mode ?? 0,
    index: index?.mode ?? 0,
    worktree: (unstaged ? unstaged.after : index)?.mode ?? 0,
  };
  return {
    path,
    staged: letterOf(staged),
    unstaged: letterOf(unstaged),
    origin: originOf(staged) ?? originOf(unstaged),
    modes,
    oids: { head: head?.oid ?? NULL_ID, index: index?.oid ?? NULL_ID },
    submodule: submodule ?? (Object.values(modes).includes(SUBMODULE) ? UNCHANGED_SUBMODULE : undefined),
  };
}

const letterOf = (change: FileChange | undefined): ChangeLetter =>
  change === undefined || change.status === "U" ? "." : change.status;

function originOf(change: FileChange | undefined): ChangedPath["origin"] {
  if (!change?.before || (change.status !== "R" && change.status !== "C")) return undefined;
  return { path: change.before.path, similarity: change.similarity ?? 100 };
}
