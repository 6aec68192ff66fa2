import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { DIRECTORY } from "../../repository/file-mode.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { ObjectStore } from "../../repository/objects/types.js";
import { Pace } from "../../repository/pace.js";
import { joined } from "../worktree/byte-path.js";
import type { TrackedFile } from "../worktree/tracked-file.js";

/** Files of one tree: a few small trees can stand for more than any disk holds. */
const MOST_FILES = 600_000;
const DEEPEST = 1024;

/** Every file of a tree by its path, in the order of the index. @throws ToolError TOO_LARGE; what the store throws */
export async function flatTree(
  objects: ObjectStore,
  tree: ObjectId | undefined,
  signal?: AbortSignal,
): Promise<Map<ByteString, TrackedFile>> {
  const files = new Map<ByteString, TrackedFile>();
  const pace = new Pace(signal);
  const visit = async (oid: ObjectId, directory: ByteString, depth: number): Promise<void> => {
    if (depth > DEEPEST) throw new ToolError("TOO_LARGE", `A tree is more than ${DEEPEST} directories deep`);
    if (pace.due()) await pace.pause();
    for (const { mode, name, oid: child } of objects.tree(oid)) {
      const path = joined(directory, name);
      if (mode === DIRECTORY) await visit(child, path, depth + 1);
      else files.set(path, { path, mode, oid: child });
      if (files.size > MOST_FILES) throw new ToolError("TOO_LARGE", `A tree has more than ${MOST_FILES} files`);
    }
  };
  if (tree !== undefined) await visit(tree, "", 0);
  return files;
}
