import type { Stats } from "node:fs";
import { type FileHandle, lstat } from "node:fs/promises";
import { errnoOf, type PathSandbox, type Place, type ReplaceOptions } from "@mcp-reference/security";
import { lockForCommit } from "./commit-lock.js";
import { requireEtag } from "./etag.js";
import { placeForWriting } from "./place-for-writing.js";

export interface Replacement extends Pick<ReplaceOptions, "mode"> {
  /** Etag the file must have at the moment its new content takes the name. */
  expected?: string | undefined;
  /** Once it aborts, nothing takes the name any more: a call that was told to have failed must not succeed later. */
  signal?: AbortSignal | undefined;
}

/**
 * Writes a file in one step, as {@link PathSandbox.replace} does, and not over a change that the caller does not know,
 * whichever process made it.
 * @throws ToolError as `replace`, and CONFLICT; the reason of the signal
 */
export async function replaceFile(
  sandbox: PathSandbox,
  path: string,
  { mode, expected, signal }: Replacement,
  write: (handle: FileHandle, place: Place) => Promise<void>,
): Promise<Stats> {
  const place = await placeForWriting(sandbox, path);
  let release: (() => Promise<void>) | undefined;
  const beforeCommit = async () => {
    release = await lockForCommit(place, signal);
    signal?.throwIfAborted();
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
