import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";

const SET_ID = 0o6000;
const GROUP = 0o070;
const OTHERS = 0o007;

/**
 * Gives a new file the mode and owner of the one it replaces, or 0666 less the umask. An owner that only root could
 * give is not kept; then nobody gains by it: set-id bits go, and a lost group leaves what group and others both had.
 */
export async function keepModeAndOwner(handle: FileHandle, old: Stats | undefined, umask: number): Promise<void> {
  await handle.chmod(old ? await keepOwner(handle, old) : 0o666 & ~umask);
}

/** @returns the mode the file may have with the owner it got. */
async function keepOwner(handle: FileHandle, old: Stats): Promise<number> {
  const mode = old.mode & 0o7777;
  const own = await handle.stat();
  if (own.uid === old.uid && own.gid === old.gid) return mode;
  if (await changed(handle.chown(old.uid, old.gid))) return mode;
  if (own.gid === old.gid || (await changed(handle.chown(own.uid, old.gid)))) return mode & ~SET_ID;
  const shared = (mode >> 3) & mode & OTHERS;
  return (mode & ~SET_ID & ~GROUP & ~OTHERS) | (shared << 3) | shared;
}

const changed = (chown: Promise<void>) =>
  chown.then(
    () => true,
    () => false,
  );
