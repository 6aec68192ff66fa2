import { type BigIntStats, closeSync, fstatSync, readSync } from "node:fs";
import type { ConfinedFiles } from "../confined/confined-files.js";
import { damaged } from "./damaged.js";
import type { ObjectCaches } from "./object-caches.js";

const PAGE = 64 * 1024;

/** Closes what was dropped without `close`: a repository may be let go of while a call still reads from it. */
const descriptors = new FinalizationRegistry<number>((fd) => closeSync(fd));

/** A large file read in parts, of which the latest used are kept. */
export class PagedFile {
  readonly size: number;
  /** Unlike any other file's; for the caches. */
  readonly number: number;
  /** As it was opened. */
  readonly stats: BigIntStats;
  readonly #fd: number;
  readonly #caches: ObjectCaches;
  readonly #name: string;

  /** @returns undefined where there is none */
  static open(files: ConfinedFiles, name: string, caches: ObjectCaches): PagedFile | undefined {
    const fd = files.open(name);
    return fd === undefined ? undefined : new PagedFile(fd, name, caches);
  }

  private constructor(fd: number, name: string, caches: ObjectCaches) {
    this.#fd = fd;
    this.#name = name;
    this.#caches = caches;
    this.number = caches.number();
    this.stats = fstatSync(fd, { bigint: true });
    this.size = Number(this.stats.size);
    descriptors.register(this, fd, this);
  }

  /** Bytes that must not be written to. @throws ToolError UPSTREAM beyond the end */
  read(offset: number, length: number): Buffer {
    const page = Math.floor(offset / PAGE) * PAGE;
    if (offset + length > page + PAGE) return this.#load(offset, length);
    const bytes = this.keep(page, Math.min(PAGE, this.size - page));
    if (offset + length > page + bytes.length) throw this.#cut();
    return bytes.subarray(offset - page, offset - page + length);
  }

  /** As {@link read}, for a range that is wanted again and again. */
  keep(offset: number, length: number): Buffer {
    const kept = this.#caches.ranges.get(this.number, offset);
    if (kept && kept.length >= length) return kept.length === length ? kept : kept.subarray(0, length);
    const bytes = this.#load(offset, length);
    this.#caches.ranges.set(this.number, offset, bytes);
    return bytes;
  }

  close(): void {
    descriptors.unregister(this);
    closeSync(this.#fd);
  }

  #load(offset: number, length: number): Buffer {
    if (length < 0 || offset + length > this.size) throw this.#cut();
    const bytes = Buffer.allocUnsafeSlow(length);
    for (let at = 0; at < length; ) {
      const count = readSync(this.#fd, bytes, at, length - at, offset + at);
      if (count === 0) throw this.#cut();
      at += count;
    }
    return bytes;
  }

  #cut(): Error {
    return damaged(`${this.#name} is shorter than it says`);
  }
}
