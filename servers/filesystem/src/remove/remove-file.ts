import type { Stats } from "node:fs";
import { lstat, unlink } from "node:fs/promises";
import { fromErrno, type PathSandbox } from "@mcp-reference/security";
import { lockForCommit } from "../write/commit-lock.js";
import { etagOf, requireEtag } from "../write/etag.js";

/** Removes a file, unless it is no longer the one the caller knows. A link is removed itself, not what it leads to. */
export async function removeFile(sandbox: PathSandbox, path: string, known: Stats): Promise<void> {
  const place = await sandbox.place(path, { write: true, followLeaf: false });
  try {
    const entry = place.directory.at(place.name);
    const release = await lockForCommit(place);
    try {
      requireEtag(path, etagOf(known), await lstat(entry));
      await place.directory.verify();
      await unlink(entry);
    } finally {
      await release();
    }
  } catch (error) {
    throw fromErrno(error, path);
  } finally {
    await place.close();
  }
}
