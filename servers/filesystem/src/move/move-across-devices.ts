import { ToolError } from "@mcp-reference/validation";
import { copyBytes } from "../copy/copy-bytes.js";
import { removeFile } from "../remove/remove-file.js";
import { etagOf, requireEtag } from "../write/etag.js";
import { setModeAndTimes } from "../write/file-content.js";
import type { WriteContext } from "../write/locked.js";
import { replaceFile } from "../write/replace-file.js";
import type { FilledPlace, MoveRequest } from "./move-path.js";

/** Copies a file to another file system and removes it here, unless it was changed meanwhile. */
export async function moveAcrossDevices(
  { sandbox, signal }: WriteContext,
  { stats }: FilledPlace,
  { source, destination, overwrite }: MoveRequest,
): Promise<void> {
  if (!stats.isFile()) {
    throw new ToolError(
      "UNSUPPORTED",
      `${JSON.stringify(destination)} is on another file system, where only files can be moved`,
      {
        hint: "Use copy_file with recursive, then delete_file",
      },
    );
  }
  const file = await sandbox.openFile(source);
  try {
    requireEtag(source, etagOf(stats), file.stats);
    const copied = await replaceFile(
      sandbox,
      destination,
      { mode: overwrite ? "overwrite" : "create", signal },
      async (target) => {
        await copyBytes(file.handle, target, signal);
        requireEtag(source, etagOf(stats), await file.handle.stat());
      },
    );
    await setModeAndTimes(sandbox, destination, copied, stats);
    await removeFile(sandbox, source, stats);
  } finally {
    await file.close();
  }
}
