import { mkdirSync, realpathSync, type Stats, statSync } from "node:fs";
import nodeModule from "node:module";
import { dirname, join } from "node:path";
import { userCacheDir } from "./user-dirs.js";

/**
 * Lets Node keep compiled code between starts, in a folder that only its user can write: whoever writes there runs code in the server.
 * Does without when there is no such folder or Node is older than 22.1.
 */
export function enableCompileCache(): void {
  const { enableCompileCache: enable } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
  if (!enable || process.env.NODE_COMPILE_CACHE) return;
  try {
    const folder = privateFolder(join(userCacheDir(), "mcp-reference", "compile-cache"));
    if (folder) enable(folder);
  } catch {
    // No home, a read-only disk: a start is slower, nothing is wrong.
  }
}

/**
 * Makes a folder of mode 0700, with those above it.
 * @returns its path without symlinks; undefined when another user could write to it or put another one in its place.
 */
export function privateFolder(path: string): string | undefined {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const folder = realpathSync(path);
  if (process.platform === "win32") return folder; // a profile is its user's by ACL; modes say nothing
  const { uid, mode } = statSync(folder);
  const isPrivate = uid === process.getuid?.() && (mode & 0o077) === 0;
  return isPrivate && isFixed(dirname(folder)) ? folder : undefined;
}

/** Whether nobody else can rename what is in this folder, or in those above it. */
function isFixed(folder: string): boolean {
  const stats = statSync(folder);
  return isKeptFromOthers(stats) && (folder === dirname(folder) || isFixed(dirname(folder)));
}

const STICKY = 0o1000;

function isKeptFromOthers({ uid, mode }: Stats): boolean {
  const trusted = uid === 0 || uid === process.getuid?.();
  return trusted && ((mode & 0o022) === 0 || (mode & STICKY) !== 0);
}
