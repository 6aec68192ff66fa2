import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The folder for what must be kept, by the customs of the platform. It need not exist yet.
 * @throws when the user has no home folder.
 */
export function userDataDir(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === "win32") return env.LOCALAPPDATA || join(homedir(), "AppData", "Local");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support");
  const { XDG_DATA_HOME: configured } = env; // to be ignored when relative, says the XDG specification
  return configured && isAbsolute(configured) ? configured : join(homedir(), ".local", "share");
}
