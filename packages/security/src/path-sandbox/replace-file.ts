import { constants, type Stats } from "node:fs";
import { type FileHandle, link, open, rename, unlink } from "node:fs/promises";
import { errnoOf, MovedError } from "./errno.js";
import type { HeldPlace } from "./held-directory.js";
import { keepModeAndOwner } from "./mode-and-owner.js";
import { alreadyExists, notARegularFile } from "./refusals.js";
import { StagedFile } from "./staged-file.js";
import type { Place, ReplaceOptions } from "./types.js";

interface Replacement extends ReplaceOptions {
  /** The path as its user wrote it. */
  input: string;
  place: HeldPlace;
  umask: number;
  write: (handle: FileHandle, place: Place) => Promise<void>;
}

/** Writes beside the name and then gives the content the name in one step. */
export async function replaceFile(replacement: Replacement): Promise<Stats> {
  const { input, place, mode, umask, write, beforeCommit } = replacement;
  const { ref } = place.directory;
  if (place.stats && mode === "create") throw alreadyExists(input);
  if (place.stats && !place.stats.isFile()) throw notARegularFile(input, place.stats);

  const before = await currentFile(place);
  const staged = await StagedFile.create(ref, place.name);
  try {
    await write(staged.handle, place);
    await staged.handle.sync();
    const current = await currentFile(place);
    // Gone meanwhile: an editor may delete before it writes, and what was private stays private.
    await keepModeAndOwner(staged.handle, current ?? before, umask);
    await beforeCommit?.(current);
    await ref.verify();
    await (mode === "create" ? takeFreeName(staged.path, ref.at(place.name)) : rename(staged.path, ref.at(place.name)));
    await syncDirectory(ref.at());
    return await staged.handle.stat();
  } finally {
    await staged.remove();
  }
}

/** The file that has the name now, or undefined; it must be one this process may write to, as an in-place write would need. */
async function currentFile({ directory, name }: HeldPlace): Promise<Stats | undefined> {
  try {
    const entry = await directory.ref.look(name);
    try {
      if (!entry.stats.isFile()) throw new MovedError();
      await entry.checkWritable();
      return entry.stats;
    } finally {
      entry.release();
    }
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

const NO_HARD_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** Only `link` fails when the name is taken. Without hard links an empty file reserves the name, then gives way. */
async function takeFreeName(staged: string, free: string): Promise<void> {
  try {
    await link(staged, free);
    await unlink(staged);
  } catch (error) {
    if (!NO_HARD_LINKS.has(errnoOf(error) ?? "")) throw error;
    await (await open(free, "wx", 0o600)).close();
    await rename(staged, free);
  }
}

/** Makes the new name survive a power cut where the system can; the content is complete either way. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
    await handle.sync().finally(() => handle.close());
  } catch {
    // Directories without read permission, and Windows, do not allow it.
  }
}
