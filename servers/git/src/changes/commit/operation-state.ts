import { unlinkSync } from "node:fs";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { isObjectId, type ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";

/** Bytes of `MERGE_HEAD` and of a prepared message. */
const LARGEST = 2 ** 20;

/** What git leaves in its directory while a merge, cherry-pick or revert waits for its commit. */
const STATE_FILES = [
  "CHERRY_PICK_HEAD",
  "REVERT_HEAD",
  "MERGE_HEAD",
  "MERGE_RR",
  "MERGE_MSG",
  "MERGE_MODE",
  "SQUASH_MSG",
  "AUTO_MERGE",
] as const;

export interface OperationState {
  /** What is being merged besides `HEAD`: commits, or annotated tags of them. */
  readonly mergeHeads: readonly ObjectId[];
  readonly cherryPickHead: ObjectId | undefined;
  readonly revertHead: ObjectId | undefined;
  /** Git's proposal, with comments. */
  readonly message: ByteString | undefined;
}

/** What is under way in this worktree. @throws ToolError UPSTREAM where the files are damaged */
export function operationState(repo: Repository): OperationState {
  const read = (name: string) => repo.layout.gitDir.read(name, LARGEST)?.toString("latin1");
  const [cherryPickHead] = idsOf(read("CHERRY_PICK_HEAD"));
  const [revertHead] = idsOf(read("REVERT_HEAD"));
  return {
    mergeHeads: idsOf(read("MERGE_HEAD")),
    cherryPickHead,
    revertHead,
    message: read("SQUASH_MSG") ?? read("MERGE_MSG"),
  };
}

/** Ends it, as after a commit or a reset. */
export function clearOperationState(repo: Repository): void {
  const directory = repo.layout.gitDir.directory("");
  try {
    for (const name of STATE_FILES) removeFile(directory.at(name));
  } finally {
    directory.close();
  }
}

/** A directory of such a name says nothing of an operation, and may stay. */
function removeFile(path: string | Buffer): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!["ENOENT", "EISDIR", "EPERM"].includes(errnoOf(error) ?? "")) throw error;
  }
}

function idsOf(file: string | undefined): ObjectId[] {
  const ids = (file ?? "").split("\n").filter(Boolean);
  if (ids.every(isObjectId)) return ids;
  throw new ToolError("UPSTREAM", "The state of the merge under way is damaged", { hint: "Reset to end it" });
}
