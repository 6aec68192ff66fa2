import { lstat, mkdir, rmdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { errnoOf, type Place } from "@mcp-reference/security";
import { digest } from "@mcp-reference/validation";

const RETRY_MS = 3;
/** A holder needs a millisecond; one that was killed leaves the lock behind for ever. */
const ABANDONED_MS = 5000;

/**
 * Keeps other processes of this server out while a file is checked and then replaced: without it, two that check at
 * the same time would both go on, and one change would be lost. The lock is an empty directory beside the file, which
 * works on every platform, on network file systems and between containers.
 * @returns what gives the lock back; call it while the place is open
 * @throws the reason of the signal when it aborts before the lock is free
 */
export async function lockForCommit({ directory, name }: Place, signal?: AbortSignal): Promise<() => Promise<void>> {
  const lock = directory.at(`.${digest(name.normalize("NFC").toLowerCase())}.mcp-lock`);
  const release = () => rmdir(lock).catch(() => {}); // broken by one that took it for abandoned
  let holder: { identity: string | undefined; since: number } | undefined;
  while (!(await take(lock))) {
    signal?.throwIfAborted();
    const identity = await identityOf(lock);
    if (holder?.identity !== identity) holder = { identity, since: performance.now() };
    else if (holder && performance.now() - holder.since > ABANDONED_MS) await release();
    await delay(RETRY_MS);
  }
  return release;
}

/** File systems give the inode of what was just removed to the next that comes: only with its time is it one lock. */
async function identityOf(lock: string): Promise<string | undefined> {
  const stats = await lstat(lock).catch(() => undefined);
  return stats && `${stats.ino} ${stats.ctimeMs}`;
}

async function take(lock: string): Promise<boolean> {
  try {
    await mkdir(lock, 0o700);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}
