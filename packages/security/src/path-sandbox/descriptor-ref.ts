import { closeSync, constants, fstat, open as openCallback, readlinkSync, type Stats } from "node:fs";
import { access, type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { checkEntryName, type DirectoryRef, type Entry } from "./directory-ref.js";

const openDescriptor = promisify(openCallback);
const statDescriptor = promisify(fstat);

/** Only names a file, opens nothing: no permission to read is needed and a device does not notice. Not in `fs.constants`. */
const O_PATH = 0o10000000;
const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/**
 * A directory known by an `O_PATH` descriptor. The kernel starts at the descriptor's directory when it resolves
 * `/proc/self/fd/N/name`, wherever that directory has been moved and whatever its old path leads to: `openat` for Node.
 */
export class DescriptorRef implements DirectoryRef {
  readonly #fd: number;
  #holders = 1;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** @param path resolved; a link at its end is refused with ENOTDIR. */
  static async open(path: string): Promise<DescriptorRef> {
    return new DescriptorRef(await openDescriptor(path, O_PATH | O_DIRECTORY | O_NOFOLLOW));
  }

  at(name?: string): string {
    // The number of a closed descriptor soon belongs to another file.
    if (this.#holders === 0) throw new Error("the directory is closed");
    if (name === undefined) return `/proc/self/fd/${this.#fd}`;
    checkEntryName(name);
    return `/proc/self/fd/${this.#fd}/${name}`;
  }

  enter(name: string): Promise<DescriptorRef> {
    return DescriptorRef.open(this.at(name));
  }

  async look(name: string): Promise<Entry> {
    const fd = await openDescriptor(this.at(name), O_PATH | O_NOFOLLOW);
    try {
      return new DescriptorEntry(fd, await statDescriptor(fd));
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  async verify(): Promise<void> {}

  async current(path: string): Promise<DescriptorRef> {
    if (this.#name() === path) return this;
    const other = await DescriptorRef.open(path).catch(() => this);
    if (other === this || other.#name() === path) return other;
    other.release();
    return this;
  }

  /** The path the kernel reports; asking waits for no disk. */
  #name(): string {
    return readlinkSync(this.at());
  }

  retain(): this {
    this.at();
    this.#holders++;
    return this;
  }

  /** Closing an `O_PATH` descriptor flushes nothing and never waits. */
  release(): void {
    if (--this.#holders === 0) closeSync(this.#fd);
  }
}

class DescriptorEntry implements Entry {
  readonly stats: Stats;
  readonly #fd: number;

  constructor(fd: number, stats: Stats) {
    this.#fd = fd;
    this.stats = stats;
  }

  open(): Promise<FileHandle> {
    return open(`/proc/self/fd/${this.#fd}`, O_RDONLY | O_NONBLOCK);
  }

  checkWritable(): Promise<void> {
    return access(`/proc/self/fd/${this.#fd}`, constants.W_OK);
  }

  release(): void {
    closeSync(this.#fd);
  }
}
