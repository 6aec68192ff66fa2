import { mkdirSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { errnoOf, fromErrno } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { refuseGitDirectory } from "../../roots/refuse-git-directory.js";

/** Where a clone is made. */
export interface CloneDirectory {
  /** Takes away all that was put into it, and the directory itself unless it was there before. */
  remove(): void;
}

/**
 * @param path resolved: a new directory in one that is there, or an empty one
 * @throws ToolError ALREADY_EXISTS, NOT_FOUND, PERMISSION_DENIED
 */
export function cloneDirectory(path: string): CloneDirectory {
  refuseGitDirectory(path);
  const wasThere = makeDirectory(path);
  return {
    remove() {
      const made = wasThere ? readdirSync(path).map((name) => join(path, name)) : [path];
      for (const each of made) rmSync(each, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** @returns whether it was there */
function makeDirectory(path: string): boolean {
  try {
    mkdirSync(path);
    return false;
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw fromErrno(error, path);
  }
  try {
    // Not through a link: the path was resolved before, so one has been put there since.
    if (realpathSync(path) === path && readdirSync(path).length === 0) return true;
  } catch (error) {
    if (errnoOf(error) !== "ENOTDIR" && errnoOf(error) !== "ENOENT") throw fromErrno(error, path);
  }
  throw new ToolError("ALREADY_EXISTS", `${path} is there and not an empty directory`, {
    hint: "Clone to another path",
  });
}
