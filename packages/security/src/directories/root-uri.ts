import { fileURLToPath } from "node:url";

/**
 * The local path of a root that a client offers, or undefined for one that names no local directory:
 * another scheme, another host (Windows: UNC is local), or an encoding that hides a separator.
 */
export function pathOfRootUri(uri: string, windows = process.platform === "win32"): string | undefined {
  if (!/^file:/i.test(uri)) return undefined;
  try {
    return fileURLToPath(uri, { windows });
  } catch {
    return undefined;
  }
}
