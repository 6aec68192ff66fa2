import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
} from "node:fs";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, fsPath, textOf } from "../bytes/byte-string.js";
import { HeldDirectory } from "./held-directory.js";
import { isBelow, resolvedIfAny, resolvedPath } from "./resolved-path.js";

/** Never waits for a FIFO's writer, never follows a link at the end of the path. */
const GUARDED = constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** How systems say that `O_NOFOLLOW` met a link. */
const IS_LINK: ReadonlySet<string> = new Set(["ELOOP", "EMLINK"]);
const HAS_DESCRIPTOR_PATHS = process.platform === "linux";

/**
 * Files below one directory, for a reader who does not trust who filled it. Paths are relative, with `/` between names.
 * A path that leads through a link is refused, unless links inside the `permitted` directories are allowed.
 *
 * On Linux the check is made on the open descriptor, so that a link swapped in meanwhile changes nothing; elsewhere on
 * the path, just before it is opened.
 */
export class ConfinedFiles {
  /** Resolved absolute path. */
  readonly root: ByteString;
  readonly #permitted: readonly ByteString[];

  /** @param permitted resolved directories that links may lead into; none: no links at all */
  constructor(root: ByteString, permitted: readonly ByteString[] = []) {
    this.root = resolvedPath(root);
    this.#permitted = permitted;
  }

  /** Absolute path, for `lstat` and for people. */
  path(relative: ByteString): ByteString {
    return relative === "" ? this.root : `${this.root}/${relative}`;
  }

  /**
   * Opens a regular file for reading; undefined where there is none.
   * @throws ToolError OUTSIDE_ROOT for a link, UNSUPPORTED for a pipe, socket or device.
   */
  open(relative: ByteString): number | undefined {
    const fd = this.#openInside(relative, constants.O_RDONLY);
    if (fd === undefined || fstatSync(fd).isFile()) return fd;
    const isDirectory = fstatSync(fd).isDirectory();
    closeSync(fd);
    if (isDirectory) return undefined;
    throw new ToolError("UNSUPPORTED", `${textOf(relative)} is not a regular file`);
  }

  /** The whole file; undefined where there is none. @throws ToolError as {@link open}; TOO_LARGE */
  read(relative: ByteString, mostBytes = Number.POSITIVE_INFINITY): Buffer | undefined {
    const fd = this.open(relative);
    if (fd === undefined) return undefined;
    try {
      if (fstatSync(fd).size > mostBytes) {
        throw new ToolError("TOO_LARGE", `${textOf(relative)} is larger than ${mostBytes} bytes`);
      }
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  /** What there is under a path, by looking at it opened; undefined where there is nothing. @throws ToolError as {@link directory} */
  stat(relative: ByteString): BigIntStats | undefined {
    const fd = this.#openInside(relative, constants.O_RDONLY);
    if (fd === undefined) return undefined;
    try {
      return fstatSync(fd, { bigint: true });
    } finally {
      closeSync(fd);
    }
  }

  /** Where a symbolic link leads, unresolved; undefined where there is no link. @throws ToolError OUTSIDE_ROOT for a link on the way to it */
  readLink(relative: ByteString): ByteString | undefined {
    const slash = relative.lastIndexOf("/");
    const above = relative.slice(0, Math.max(slash, 0));
    const fd = this.#openInside(above, constants.O_RDONLY | constants.O_DIRECTORY);
    if (fd === undefined) return undefined;
    const parent = new HeldDirectory(this.path(above), fd);
    try {
      return readlinkSync(parent.at(relative.slice(slash + 1)), "latin1");
    } catch (error) {
      if (["ENOENT", "ENOTDIR", "EINVAL", "ENAMETOOLONG"].includes(errnoOf(error) ?? "")) return undefined;
      throw error;
    } finally {
      parent.close();
    }
  }

  /** A directory held open, to list or to change what is in it. @throws ToolError OUTSIDE_ROOT, NOT_FOUND */
  directory(relative: ByteString): HeldDirectory {
    const fd = this.#openInside(relative, constants.O_RDONLY | constants.O_DIRECTORY);
    if (fd === undefined) throw new ToolError("NOT_FOUND", `${textOf(relative)} is no directory`);
    return new HeldDirectory(this.path(relative), fd);
  }

  #openInside(relative: ByteString, flags: number): number | undefined {
    const path = this.path(relative);
    if (path.includes("\0")) return undefined;
    try {
      if (!HAS_DESCRIPTOR_PATHS) this.#check(relative, resolvedPath(path));
      return this.#openChecked(relative, path, flags);
    } catch (error) {
      const code = errnoOf(error);
      if (IS_LINK.has(code ?? "") || (code === "ENOTDIR" && isLink(path))) return this.#openLinked(relative, flags);
      if (code === "ENAMETOOLONG") return undefined;
      if (code === "ENOENT" || code === "ENOTDIR") return this.#absent(relative);
      if (code === "ENXIO") throw new ToolError("UNSUPPORTED", `${textOf(relative)} is not a regular file`);
      if (code === "EACCES" || code === "EPERM") {
        throw new ToolError("PERMISSION_DENIED", `${textOf(relative)} may not be read by this server`);
      }
      throw error;
    }
  }

  /** Opens what a link at the end of the path leads to, which the link itself has no say in any more. */
  #openLinked(relative: ByteString, flags: number): number | undefined {
    if (this.#permitted.length === 0) return this.#refuse(relative);
    try {
      const target = resolvedPath(this.path(relative));
      this.#check(relative, target);
      return this.#openChecked(relative, target, flags);
    } catch (error) {
      if (error instanceof ToolError) throw error;
      return this.#refuse(relative);
    }
  }

  /** What is absent behind a link is refused as what is there: not even that may be learnt. */
  #absent(relative: ByteString): undefined {
    for (let end = 0; end >= 0; ) {
      end = relative.indexOf("/", end + 1);
      const prefix = end < 0 ? relative : relative.slice(0, end);
      if (!isLink(this.path(prefix))) continue;
      if (this.#permitted.length === 0) this.#refuse(relative);
      const target = resolvedIfAny(this.path(prefix));
      if (target === undefined) this.#refuse(relative);
      this.#check(relative, target);
    }
    return undefined;
  }

  #openChecked(relative: ByteString, path: ByteString, flags: number): number {
    const fd = openSync(fsPath(path), flags | GUARDED);
    if (HAS_DESCRIPTOR_PATHS) this.#checkOpen(relative, fd);
    return fd;
  }

  #checkOpen(relative: ByteString, fd: number): void {
    try {
      this.#check(relative, readlinkSync(`/proc/self/fd/${fd}`, "latin1"));
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  #check(relative: ByteString, real: ByteString): void {
    if (real === this.path(relative) || real === `${this.path(relative)} (deleted)`) return;
    if (!this.#permitted.some((root) => isBelow(real, root))) this.#refuse(relative);
  }

  #refuse(relative: ByteString): never {
    throw new ToolError("OUTSIDE_ROOT", `${textOf(relative)} leads through a symbolic link`);
  }
}

function isLink(path: ByteString): boolean {
  try {
    return lstatSync(fsPath(path), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  } catch (error) {
    if (errnoOf(error) === "ENOTDIR") return false;
    throw error;
  }
}
