import { type BigIntStats, constants, type Stats } from "node:fs";
import { access, type FileHandle, lstat, open, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { namesBelow } from "./boundary.js";
import { checkEntryName, type DirectoryRef, type Entry, sameFile } from "./directory-ref.js";
import { errnoOf, MovedError } from "./errno.js";

const { O_RDONLY } = constants;
// Windows has neither.
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const O_NONBLOCK = constants.O_NONBLOCK ?? 0;

/**
 * A directory known by its path and by what was there when it was met. Best effort: a swap between a check and the
 * call it is meant for goes unnoticed, so every opening and every change is followed or preceded by a check.
 */
export class PathRef implements DirectoryRef {
  readonly #rootPath: string;
  readonly #path: string;
  readonly #identity: BigIntStats;

  private constructor(rootPath: string, directory: string, identity: BigIntStats) {
    this.#rootPath = rootPath;
    this.#path = directory;
    this.#identity = identity;
  }

  /** @param directory resolved */
  static async open(directory: string, rootPath = directory): Promise<PathRef> {
    const identity = await lstat(directory, { bigint: true });
    if (!identity.isDirectory()) throw Object.assign(new Error("not a directory"), { code: "ENOTDIR" });
    return new PathRef(rootPath, directory, identity);
  }

  at(name?: string): string {
    if (name === undefined) return this.#path;
    checkEntryName(name);
    return path.join(this.#path, name);
  }

  enter(name: string): Promise<PathRef> {
    return PathRef.open(this.at(name), this.#rootPath);
  }

  async look(name: string): Promise<Entry> {
    return new PathEntry(this, this.at(name), await lstat(this.at(name)), await lstat(this.at(name), { bigint: true }));
  }

  async verify(): Promise<void> {
    const real = await realpath(this.#path);
    const same = sameFile(await stat(real, { bigint: true }), this.#identity);
    if (!same || !namesBelow(this.#rootPath, real)) throw new MovedError();
  }

  async current(directory: string): Promise<PathRef> {
    try {
      if (sameFile(await lstat(directory, { bigint: true }), this.#identity)) return this;
      return (await realpath(directory)) === directory ? await PathRef.open(directory) : this;
    } catch {
      return this;
    }
  }

  retain(): this {
    return this;
  }

  release(): void {}
}

class PathEntry implements Entry {
  readonly stats: Stats;
  readonly #directory: PathRef;
  readonly #path: string;
  readonly #identity: BigIntStats;

  constructor(directory: PathRef, entry: string, stats: Stats, identity: BigIntStats) {
    this.#directory = directory;
    this.#path = entry;
    this.stats = stats;
    this.#identity = identity;
  }

  async open(): Promise<FileHandle> {
    const handle = await open(this.#path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
      // It was no link a moment ago.
      throw errnoOf(error) === "ELOOP" ? new MovedError() : error;
    });
    try {
      if (!sameFile(await handle.stat({ bigint: true }), this.#identity)) throw new MovedError();
      await this.#directory.verify();
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  checkWritable(): Promise<void> {
    return access(this.#path, constants.W_OK);
  }

  release(): void {}
}
