import { mkdir } from "node:fs/promises";
import path from "node:path";
import { errnoOf, fromErrno, type PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { statBehind } from "../listing/stat-behind.js";

/**
 * Makes a directory and the ones above it that are missing.
 * @returns the paths that were made, outermost first; none where the directory was there already
 * @throws ToolError ALREADY_EXISTS when something else has the name
 */
export async function createDirectory(sandbox: PathSandbox, asked: string): Promise<string[]> {
  if (await isDirectory(sandbox, asked)) return [];
  const parent = path.dirname(path.normalize(asked));
  const made = parent === path.normalize(asked) ? [] : await createDirectory(sandbox, parent);
  return (await makeOne(sandbox, asked)) ? [...made, asked] : made;
}

/** Makes the directories above a file that is about to be created. */
export const createParents = (sandbox: PathSandbox, file: string) =>
  createDirectory(sandbox, path.dirname(path.normalize(file)));

async function isDirectory(sandbox: PathSandbox, asked: string): Promise<boolean> {
  try {
    await (await sandbox.openDirectory(asked)).close();
    return true;
  } catch (error) {
    if (error instanceof ToolError && error.code === "NOT_FOUND") return false;
    if (!(await statBehind(sandbox, asked))?.isFile()) throw error;
    throw new ToolError("ALREADY_EXISTS", `${JSON.stringify(asked)} is a file`, { hint: "Choose another name" });
  }
}

async function makeOne(sandbox: PathSandbox, asked: string): Promise<boolean> {
  const place = await sandbox.place(asked, { write: true });
  try {
    await place.directory.verify();
    await mkdir(place.directory.at(place.name));
    return true;
  } catch (error) {
    // Somebody else made it meanwhile.
    if (errnoOf(error) === "EEXIST" && (await isDirectory(sandbox, asked))) return false;
    throw fromErrno(error, asked);
  } finally {
    await place.close();
  }
}
