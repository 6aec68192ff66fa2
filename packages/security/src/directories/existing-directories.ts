import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { RootSpec } from "../path-sandbox/types.js";

/**
 * An absolute path from the configuration. A leading `~` means the home folder: a desktop client's JSON config
 * passes through no shell that would expand it. Paths in tool arguments are never treated so.
 */
export function configuredPath(written: string, home = homedir()): string {
  return path.resolve(/^~(?=$|[\\/])/.test(written) ? path.join(home, written.slice(1)) : written);
}

/** Sorts out the directories that are there; the others are told as one line each. */
export async function existingDirectories(
  specs: readonly RootSpec[],
): Promise<{ found: RootSpec[]; problems: string[] }> {
  const found: RootSpec[] = [];
  const problems: string[] = [];
  for (const spec of specs) {
    const problem = await problemOf(spec.path);
    if (problem) problems.push(`${JSON.stringify(spec.path)} ${problem}`);
    else found.push(spec);
  }
  return { found, problems };
}

async function problemOf(directory: string): Promise<string | undefined> {
  try {
    return (await stat(directory)).isDirectory() ? undefined : "is not a directory";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? "does not exist" : `cannot be used: ${code}`;
  }
}
