import type { Stats } from "node:fs";
import { type FileHandle, lstat } from "node:fs/promises";
import { errnoOf, type PathSandbox, type Place, type ReplaceOptions } from "@mcp-reference/security";
import { lockForCommit } from "./commit-lock.js";
import { requireEtag } from "./etag.js";

export interface Replacement extends Pick<ReplaceOptions, "mode"> {
  /** Etag the file must have at the moment its new content takes the name. */
  expected?: string | undefined;
}

/**
 * Writes a file in one step, as {@link PathSandbox.replace} does, and not over a change that the caller does not know,
 * whichever process made it.
 * @throws ToolError as `replace`, and CONFLICT
 */
export async function replaceFile(
  sandbox: PathSandbox,
  path: string,
  { mode, expected }: Replacement,
  write: (handle: FileHandle, place: Place) => Promise<void>,
): Promise<Stats> {
  const place = await sandbox.place(path, { write: true });
  let release: (() => Promise<void>) | undefined;
  const beforeCommit = async () => {
    release = await lockForCommit(place);
    if (expected !== undefined) requireEtag(path, expected, await current(place));
  };
  try {
    return await sandbox.replace(path, { mode, beforeCommit }, write);
  } finally {
    await release?.();
    await place.close();
  }
}

async function current({ directory, name }: Place): Promise<Stats | undefined> {
  try {
    return await lstat(directory.at(name));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
