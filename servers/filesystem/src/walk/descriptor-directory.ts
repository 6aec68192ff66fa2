import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync } from "node:fs";
import { byName } from "./by-name.js";
import type { WalkDirectory } from "./walk-directory.js";

const { O_DIRECTORY, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** A directory by its descriptor (Linux): `/proc/self/fd/N/name` is `openat`, whatever happens to the path meanwhile. */
export class DescriptorDirectory implements WalkDirectory {
  readonly #fd: number;
  readonly #path: string;

  private constructor(fd: number) {
    this.#fd = fd;
    this.#path = `/proc/self/fd/${fd}`;
  }

  /** @param path a descriptor's: the link it is gets followed. */
  static start(path: string): DescriptorDirectory {
    return new DescriptorDirectory(openSync(path, O_RDONLY | O_DIRECTORY));
  }

  entries(): Dirent[] {
    return readdirSync(this.#path, { withFileTypes: true }).sort(byName);
  }

  enter(name: string): DescriptorDirectory {
    return new DescriptorDirectory(openSync(`${this.#path}/${name}`, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  }

  openFile(name: string): number {
    return openSync(`${this.#path}/${name}`, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  }

  identity(): string {
    const { dev, ino } = fstatSync(this.#fd, { bigint: true });
    return `${dev}:${ino}`;
  }

  close(): void {
    closeSync(this.#fd);
  }
}
