import { resolve } from "node:path";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf, textOf } from "../bytes/byte-string.js";
import { isBelow, resolvedIfAny, withSlashes } from "../confined/resolved-path.js";
import type { AllowedRoots } from "./types.js";

/** Is a resolved path one of the directories, or below one? */
export const isInside = (path: ByteString, directories: readonly ByteString[]): boolean =>
  directories.some((directory) => isBelow(path, directory));

/** Allowed roots as bytes, resolved again: they may have been given through a link. */
export const rootBytes = (roots: AllowedRoots): ByteString[] =>
  roots.paths.map((path) => resolvedIfAny(bytesOf(path)) ?? bytesOf(path));

/** `path` as it is named in `base`. */
export const joined = (base: ByteString, path: ByteString): ByteString => withSlashes(resolve(base, path));

/**
 * Resolves a part of a repository that lies where the repository says, which may be anywhere.
 * @param what it is called in the message, such as "common directory"
 * @throws ToolError OUTSIDE_ROOT, whether or not there is something outside; NOT_FOUND
 */
export function requireInside(path: ByteString, roots: readonly ByteString[], what: string): ByteString {
  const real = resolvedIfAny(path);
  if (!isInside(real ?? path, roots)) {
    throw new ToolError("OUTSIDE_ROOT", `The repository's ${what} ${textOf(path)} is outside the allowed directories`, {
      hint: "Allow that directory too, if you trust this repository",
    });
  }
  if (real === undefined) throw new ToolError("NOT_FOUND", `The repository's ${what} ${textOf(path)} does not exist`);
  return real;
}
