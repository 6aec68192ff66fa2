import { mkdirSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { errnoOf, fromErrno } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { bytesOf } from "../../repository/bytes/byte-string.js";
import { treeNameProblem } from "../../repository/objects/tree-name.js";
import { looksBare } from "../../roots/repository-around.js";

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

/** What is checked out in `.git/hooks` would be run by the next git. @throws ToolError PERMISSION_DENIED */
function refuseGitDirectory(path: string): void {
  const above = ancestors(dirname(path));
  const isInside =
    path.split(sep).some((name) => name !== "" && treeNameProblem(bytesOf(name))) || above.some(looksBare);
  if (isInside)
    throw new ToolError("PERMISSION_DENIED", `${path} is inside a git directory`, { hint: "Clone to another path" });
}

const ancestors = (path: string): string[] => (dirname(path) === path ? [path] : [path, ...ancestors(dirname(path))]);

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
