import { mkdirSync, rmdirSync } from "node:fs";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../bytes/byte-string.js";
import type { ConfinedFiles } from "../confined/confined-files.js";
import type { HeldDirectory } from "../confined/held-directory.js";

/** Another process may remove a directory, empty as it is, just after we made it. */
const ATTEMPTS = 10;

/**
 * The directory that a path's last name lies in, made where it is missing.
 * @throws ToolError CONFLICT where a file is in the way
 */
export function parentInside(files: ConfinedFiles, path: ByteString): { directory: HeldDirectory; name: ByteString } {
  const slash = path.lastIndexOf("/");
  const parent = path.slice(0, Math.max(slash, 0));
  return { directory: makeDirectory(files, parent), name: path.slice(slash + 1) };
}

function makeDirectory(files: ConfinedFiles, path: ByteString): HeldDirectory {
  for (let attempt = 1; ; attempt++) {
    try {
      return files.directory(path);
    } catch (error) {
      if (!(error instanceof ToolError) || error.code !== "NOT_FOUND" || path === "" || attempt > ATTEMPTS) throw error;
    }
    const { directory, name } = parentInside(files, path);
    try {
      mkdirSync(directory.at(name));
    } catch (error) {
      const code = errnoOf(error);
      if (code === "EEXIST" && isFile(files, path)) throw inTheWay();
      if (code !== "EEXIST" && code !== "ENOENT") throw error;
    } finally {
      directory.close();
    }
  }
}

/** Is there a regular file? */
export const isFile = (files: ConfinedFiles, path: ByteString): boolean => files.stat(path)?.isFile() ?? false;

const inTheWay = () =>
  new ToolError("CONFLICT", "A ref cannot lie below another one: a file is where its directory would be", {
    hint: "Choose another name, or delete the shorter one",
  });

/** Removes a directory if nothing but empty directories is in it. @returns whether it is gone */
export function removeEmptyDirectories(files: ConfinedFiles, path: ByteString): boolean {
  const held = opened(files, path);
  if (held === undefined) return true;
  try {
    const entries = held.entries();
    if (entries.some((entry) => !entry.isDirectory())) return false;
    if (!entries.every(({ name }) => removeEmptyDirectories(files, `${path}/${name.toString("latin1")}`))) return false;
  } finally {
    held.close();
  }
  return removeDirectory(files, path);
}

/** Removes the directories above a path that are empty now, but not the topmost `kept` ones. */
export function removeEmptyParents(files: ConfinedFiles, path: ByteString, kept: number): void {
  const names = path.split("/");
  for (let depth = names.length - 1; depth > kept; depth--) {
    if (!removeDirectory(files, names.slice(0, depth).join("/"))) return;
  }
}

function removeDirectory(files: ConfinedFiles, path: ByteString): boolean {
  const slash = path.lastIndexOf("/");
  const parent = opened(files, path.slice(0, Math.max(slash, 0)));
  if (parent === undefined) return true;
  try {
    rmdirSync(parent.at(path.slice(slash + 1)));
    return true;
  } catch (error) {
    const code = errnoOf(error) ?? "";
    if (code === "ENOENT") return true;
    if (["ENOTEMPTY", "EEXIST", "ENOTDIR", "EBUSY"].includes(code)) return false;
    throw error;
  } finally {
    parent.close();
  }
}

function opened(files: ConfinedFiles, path: ByteString): HeldDirectory | undefined {
  try {
    return files.directory(path);
  } catch (error) {
    if (error instanceof ToolError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}
