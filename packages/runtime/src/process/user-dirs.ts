import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The folder for what must not be lost, such as databases, by the customs of the platform. It need not exist yet.
 * @throws when the user has no home folder.
 */
export function userDataDir(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === "win32") return env.LOCALAPPDATA || join(homedir(), "AppData", "Local");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support");
  return xdgFolder(env.XDG_DATA_HOME) ?? join(homedir(), ".local", "share");
}

/**
 * The folder for what can be made again, by the customs of the platform. It need not exist yet.
 * @throws when the user has no home folder.
 */
export function userCacheDir(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === "win32") return env.LOCALAPPDATA || join(homedir(), "AppData", "Local");
  if (platform === "darwin") return join(homedir(), "Library", "Caches");
  return xdgFolder(env.XDG_CACHE_HOME) ?? join(homedir(), ".cache");
}

/** To be ignored when relative, says the XDG specification. */
const xdgFolder = (configured: string | undefined) =>
  configured !== undefined && isAbsolute(configured) ? configured : undefined;
