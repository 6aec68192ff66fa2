import { mkdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";

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
