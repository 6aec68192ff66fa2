import type { Stats } from "node:fs";
import { ToolError } from "@mcp-reference/validation";
import type { Root } from "./types.js";

const LONGEST_SHOWN = 300;
const ROOTS_SHOWN = 8;

/** What JSON leaves as it is although a terminal or a reader would take it for the end of a line or turn the text around. */
const MISLEADING = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** A path as its user wrote it, on one line whatever is in it, and never longer than a few lines. */
export function quote(path: string): string {
  const shown =
    path.length > LONGEST_SHOWN ? `${path.slice(0, LONGEST_SHOWN / 2)}…${path.slice(-LONGEST_SHOWN / 2)}` : path;
  return JSON.stringify(shown).replace(MISLEADING, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Names the allowed directories and never where the path would have led: that would tell about the outside. */
export function outsideRoot(path: string, roots: readonly Root[]): ToolError {
  if (roots.length === 0) {
    return new ToolError("OUTSIDE_ROOT", `${quote(path)} is refused: no directory is allowed`, {
      hint: "Name a directory on the server's command line, or offer one as a root from the client",
    });
  }
  const shown = roots.slice(0, ROOTS_SHOWN).map((root) => root.alias + (root.writable ? "" : " (read-only)"));
  const more = roots.length > ROOTS_SHOWN ? ` or ${roots.length - ROOTS_SHOWN} more` : "";
  return new ToolError("OUTSIDE_ROOT", `${quote(path)} is outside the allowed directories`, {
    hint: `Use a path inside ${shown.join(", ")}${more}`,
  });
}

/** The same words whether the file exists or not. */
export const hiddenSecret = (path: string) =>
  new ToolError("PERMISSION_DENIED", `${quote(path)} is hidden by the secrets policy`, {
    hint: "Ask the user to start the server with --allow-secret <glob> if it must be visible",
  });

export const readOnlyRoot = (path: string, root: Root) =>
  new ToolError("PERMISSION_DENIED", `${quote(path)} lies in ${quote(root.alias)}, which is read-only`);

export const holdsRoot = (path: string) =>
  new ToolError("PERMISSION_DENIED", `${quote(path)} holds a directory that is allowed by itself`, {
    hint: "Change the entries below it one by one",
  });

export const rootItself = (path: string) =>
  new ToolError("INVALID_ARGUMENT", `${quote(path)} is an allowed directory itself`, {
    hint: "Name an entry inside it",
  });

export const notADirectory = (path: string) =>
  new ToolError("INVALID_ARGUMENT", `${quote(path)} is not a directory, or passes through something that is not`);

export const isADirectory = (path: string) =>
  new ToolError("UNSUPPORTED", `${quote(path)} is a directory, not a regular file`);

export const alreadyExists = (path: string) =>
  new ToolError("ALREADY_EXISTS", `${quote(path)} already exists`, {
    hint: "Choose another name, or overwrite it on purpose",
  });

export const tooManyLinks = (path: string) =>
  new ToolError("INVALID_ARGUMENT", `${quote(path)} passes through too many symbolic links`);

/** Somebody moved or replaced what the path named while the call was running. */
export const movedMeanwhile = (path: string) =>
  new ToolError("CONFLICT", `${quote(path)} was moved or replaced during the call`, { hint: "Try again" });

export const notARegularFile = (path: string, stats: Stats) =>
  new ToolError("UNSUPPORTED", `${quote(path)} is ${kindOf(stats)}, not a regular file`);

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a directory";
  if (stats.isSymbolicLink()) return "a symbolic link";
  if (stats.isFIFO()) return "a FIFO";
  if (stats.isSocket()) return "a socket";
  return stats.isBlockDevice() || stats.isCharacterDevice() ? "a device" : "of an unknown kind";
}
