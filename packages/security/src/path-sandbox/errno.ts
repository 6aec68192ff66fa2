import { type ErrorCode, ToolError } from "@mcp-reference/validation";
import { alreadyExists, isADirectory, movedMeanwhile, notADirectory, quote, tooManyLinks } from "./refusals.js";

const PHRASES: Record<string, readonly [code: ErrorCode, phrase: string, hint?: string]> = {
  ENOENT: ["NOT_FOUND", "does not exist", "Check the path, or list its directory"],
  EACCES: ["PERMISSION_DENIED", "is refused by its file permissions"],
  EPERM: ["PERMISSION_DENIED", "is refused by the operating system"],
  EROFS: ["PERMISSION_DENIED", "is on a read-only file system"],
  ENOTEMPTY: ["CONFLICT", "is a directory that is not empty"],
  ENAMETOOLONG: ["INVALID_ARGUMENT", "has a name that is too long for the file system"],
  EILSEQ: ["INVALID_ARGUMENT", "has a name the file system cannot store"],
  EXDEV: ["UNSUPPORTED", "is on another file system"],
  ENXIO: ["UNSUPPORTED", "is a FIFO, socket or device nobody serves"],
  EFBIG: ["TOO_LARGE", "would be larger than the file system allows"],
  ENOSPC: ["UNAVAILABLE", "cannot be written: no space is left on the device", "Free some space first"],
  EDQUOT: ["UNAVAILABLE", "cannot be written: the disk quota is used up", "Free some space first"],
  EMFILE: ["UNAVAILABLE", "cannot be opened: too many files are open", "Try again with fewer calls at once"],
  ENFILE: ["UNAVAILABLE", "cannot be opened: too many files are open", "Try again with fewer calls at once"],
  EBUSY: ["UNAVAILABLE", "is in use", "Try again later"],
  ETXTBSY: ["UNAVAILABLE", "is a program that is running", "Try again later"],
  ESTALE: ["UNAVAILABLE", "is on a network file system that lost it", "Try again"],
  ETIMEDOUT: ["UNAVAILABLE", "is on a file system that does not answer", "Try again later"],
  EIO: ["UNAVAILABLE", "cannot be read or written: the device reports an error"],
};

/** A path that leads to something else than it did a moment ago. */
export class MovedError extends Error {
  override readonly name = "MovedError";
}

/** The code of a failed system call (`ENOENT`), or undefined for any other error. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * What a failed system call means to the caller. Everything else (a ToolError too) comes back as it is.
 * @param path as its user wrote it; the error's own path may be a descriptor's and is not shown.
 */
export function fromErrno(error: unknown, path: string): unknown {
  if (error instanceof ToolError) return error;
  if (error instanceof MovedError) return movedMeanwhile(path);
  const errno = errnoOf(error);
  if (errno === "ENOTDIR") return notADirectory(path);
  if (errno === "EISDIR") return isADirectory(path);
  if (errno === "ELOOP") return tooManyLinks(path);
  if (errno === "EEXIST") return alreadyExists(path);
  const [code, phrase, hint] = (errno !== undefined && PHRASES[errno]) || [];
  return code === undefined ? error : new ToolError(code, `${quote(path)} ${phrase}`, { hint, cause: error });
}
