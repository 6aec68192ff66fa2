import { closeSync, constants, type Dirent, fstatSync, lstatSync, openSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { byName } from "./by-name.js";
import type { WalkDirectory } from "./walk-directory.js";

const { O_RDONLY } = constants;
// Windows has neither.
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const O_NONBLOCK = constants.O_NONBLOCK ?? 0;

/**
 * A directory by its path, where there are no descriptors to walk through. Best effort: a directory that is swapped
 * for a link is noticed when it still is one after it was read.
 */
export class PathDirectory implements WalkDirectory {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static start(path: string): PathDirectory {
    return new PathDirectory(realpathSync.native(path));
  }

  entries(): Dirent[] {
    const entries = readdirSync(this.#path, { withFileTypes: true });
    this.#verify();
    return entries.sort(byName);
  }

  enter(name: string): PathDirectory {
    const path = join(this.#path, name);
    if (!lstatSync(path).isDirectory()) throw new Error("not a directory any more");
    return new PathDirectory(path);
  }

  openFile(name: string): number {
    const path = join(this.#path, name);
    const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const opened = fstatSync(fd, { bigint: true });
      const found = lstatSync(path, { bigint: true });
      if (opened.ino !== found.ino || opened.dev !== found.dev) throw new Error("another file by now");
      this.#verify();
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  identity(): string {
    const { dev, ino } = lstatSync(this.#path, { bigint: true });
    return `${dev}:${ino}`;
  }

  close(): void {}

  #verify(): void {
    if (realpathSync.native(this.#path) !== this.#path) throw new Error("another directory by now");
  }
}
