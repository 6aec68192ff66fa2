import { mkdirSync, rmdirSync } from "node:fs";
import { errnoOf, fromErrno } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import type { ConfinedFiles } from "../../repository/confined/confined-files.js";
import type { HeldDirectory } from "../../repository/confined/held-directory.js";
import { nameOf, parentOf } from "./byte-path.js";

/** Descriptors kept at once. */
const MOST_HELD = 32;

/** Directories below one root, each opened once while work goes on in it; none is ever reached through a link. */
export class HeldDirectories {
  readonly #files: ConfinedFiles;
  readonly #held = new Map<ByteString, HeldDirectory>();

  constructor(files: ConfinedFiles) {
    this.#files = files;
  }

  /** Valid until the next call; undefined where there is no directory, or only one behind a link. */
  find(path: ByteString): HeldDirectory | undefined {
    const held = this.#held.get(path);
    if (held) return held;
    try {
      return this.#hold(path, this.#files.directory(path));
    } catch (error) {
      if (error instanceof ToolError && (error.code === "NOT_FOUND" || error.code === "OUTSIDE_ROOT")) return undefined;
      if (errnoOf(error) === "ENOTDIR") return undefined;
      throw fromErrno(error, textOf(path));
    }
  }

  /** As {@link find}, after making what is missing. @throws ToolError CONFLICT where a file or link is in the way */
  make(path: ByteString): HeldDirectory {
    const found = this.find(path);
    if (found) return found;
    if (path === "") throw new ToolError("NOT_FOUND", "The worktree has been removed");
    const parent = this.make(parentOf(path));
    try {
      mkdirSync(parent.at(nameOf(path)));
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw fromErrno(error, textOf(path));
    }
    const made = this.find(path);
    if (!made) throw new ToolError("CONFLICT", `${textOf(path)} is a file or link where a directory has to be`);
    return made;
  }

  /** Removes directories that are empty, from `path` upward; the root stays. */
  removeEmpty(path: ByteString): void {
    for (let directory = path; directory !== ""; directory = parentOf(directory)) {
      const parent = this.find(parentOf(directory));
      if (!parent) continue;
      try {
        rmdirSync(parent.at(nameOf(directory)));
      } catch (error) {
        if (["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "")) continue;
        return; // in use, a mount point, not ours: an empty directory too many harms nobody
      }
      this.forget(directory);
    }
  }

  /** To be told when a directory has been removed: what is at its path from now on is another one. */
  forget(path: ByteString): void {
    for (const [held, directory] of this.#held) {
      if (held !== path && !held.startsWith(`${path}/`)) continue;
      this.#held.delete(held);
      directory.close();
    }
  }

  close(): void {
    for (const directory of this.#held.values()) directory.close();
    this.#held.clear();
  }

  #hold(path: ByteString, directory: HeldDirectory): HeldDirectory {
    const [oldest] = this.#held;
    if (oldest && this.#held.size >= MOST_HELD) {
      this.#held.delete(oldest[0]);
      oldest[1].close();
    }
    this.#held.set(path, directory);
    return directory;
  }
}
