import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

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
  const { XDG_CACHE_HOME: configured } = env; // to be ignored when relative, says the XDG specification
  return configured && isAbsolute(configured) ? configured : join(homedir(), ".cache");
}
