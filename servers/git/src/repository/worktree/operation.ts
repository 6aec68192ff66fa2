import type { Repository } from "../repository.js";
import type { Operation } from "./status-types.js";

/** Files of the git directory that tell what was begun; the first that is there counts. */
const SIGNS: readonly (readonly [file: string, operation: Operation])[] = [
  ["MERGE_HEAD", "merge"],
  ["rebase-merge/head-name", "rebase"],
  ["rebase-apply/applying", "am"],
  ["rebase-apply/head-name", "rebase"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
  ["REVERT_HEAD", "revert"],
  ["BISECT_LOG", "bisect"],
];

/** What was begun in this worktree and awaits its end. */
export const operationOf = ({ layout }: Repository): Operation | undefined =>
  SIGNS.find(([file]) => layout.gitDir.stat(file) !== undefined)?.[1];
