import type { WalkDirectory } from "./walk-directory.js";

/** Directories a walk holds open besides its start, however deep it is: four walks stay far below 1,024 descriptors. */
const OPEN_AT_ONCE = 64;
/** Directories opened again in one go on the way up, so that coming back through n levels takes n² / 64 steps. */
const REOPENED_AT_ONCE = 32;

interface Link {
  readonly name: string;
  /** Undefined while it is closed to save descriptors. */
  directory: WalkDirectory | undefined;
  /** Of a closed one. */
  identity?: string;
}

/** The directories from a walk's start down to where it is, of which the start and the deepest few are open. */
export class OpenChain {
  readonly #start: WalkDirectory;
  readonly #links: Link[] = [];

  /** Takes over the start: {@link close} closes it. */
  constructor(start: WalkDirectory) {
    this.#start = start;
  }

  /** Directories below the start. */
  get depth(): number {
    return this.#links.length;
  }

  /**
   * The deepest directory.
   * @throws when it had been closed and is no longer where it was.
   */
  get current(): WalkDirectory {
    const deepest = this.#links.at(-1);
    return deepest ? (deepest.directory ?? this.#reopen()) : this.#start;
  }

  enter(name: string): void {
    this.#links.push({ name, directory: this.current.enter(name) });
    const distant = this.#links.at(-1 - OPEN_AT_ONCE);
    if (!distant?.directory) return;
    distant.identity = distant.directory.identity();
    distant.directory.close();
    distant.directory = undefined;
  }

  leave(): void {
    this.#links.pop()?.directory?.close();
  }

  close(): void {
    for (const { directory } of this.#links.splice(0)) directory?.close();
    this.#start.close();
  }

  /** Goes down from the start again, by name and without following links, and checks that it arrives where it was. */
  #reopen(): WalkDirectory {
    const firstKept = Math.max(0, this.#links.length - REOPENED_AT_ONCE);
    let directory = this.#start;
    for (const [index, link] of this.#links.entries()) {
      const parent = directory;
      try {
        directory = parent.enter(link.name);
      } finally {
        if (index > 0 && index <= firstKept) parent.close();
      }
      if (index < firstKept) continue;
      if (directory.identity() !== link.identity) {
        directory.close();
        throw new Error("another directory by now");
      }
      link.directory = directory;
    }
    return directory;
  }
}
