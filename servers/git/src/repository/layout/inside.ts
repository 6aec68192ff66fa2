import { realpathSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf, fsPath, textOf } from "../bytes/byte-string.js";
import type { AllowedRoots } from "./types.js";

/** Is a resolved path one of the directories, or below one? */
export const isInside = (path: ByteString, directories: readonly ByteString[]): boolean =>
  directories.some((directory) => path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`));

/** Allowed roots as bytes, resolved again: they may have been given through a link. */
export const rootBytes = (roots: AllowedRoots): ByteString[] =>
  roots.paths.map((path) => realPath(bytesOf(path)) ?? bytesOf(path));

/** `path` as it is named in `base`. */
export const joined = (base: ByteString, path: ByteString): ByteString =>
  isAbsolute(path) ? resolve(path) : resolve(base, path);

/** Absolute path without links; undefined where there is nothing. */
export function realPath(path: ByteString): ByteString | undefined {
  try {
    return realpathSync.native(fsPath(path), "buffer").toString("latin1");
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ELOOP", "EACCES", "EINVAL"].includes(errnoOf(error) ?? "")) return undefined;
    throw error;
  }
}

/**
 * Resolves a part of a repository that lies where the repository says, which may be anywhere.
 * @param what it is called in the message, such as "common directory"
 * @throws ToolError OUTSIDE_ROOT, whether or not there is something outside; NOT_FOUND
 */
export function requireInside(path: ByteString, roots: readonly ByteString[], what: string): ByteString {
  const real = realPath(path);
  if (!isInside(real ?? path, roots)) {
    throw new ToolError("OUTSIDE_ROOT", `The repository's ${what} ${textOf(path)} is outside the allowed directories`, {
      hint: "Allow that directory too, if you trust this repository",
    });
  }
  if (real === undefined) throw new ToolError("NOT_FOUND", `The repository's ${what} ${textOf(path)} does not exist`);
  return real;
}
