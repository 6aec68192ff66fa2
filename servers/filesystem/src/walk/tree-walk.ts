import type { Dirent } from "node:fs";
import { EntryFilter } from "./entry-filter.js";
import type { IgnoreChain } from "./ignore-rules.js";
import { OpenChain } from "./open-chain.js";
import type { ProgressMeter } from "./progress.js";
import type { EntryType, Omissions, Scope } from "./tasks.js";
import { isOutOfDescriptors, openStart, typeOf } from "./walk-directory.js";

export interface WalkEntry {
  /** Relative to the start, with `/`. */
  readonly path: string;
  readonly name: string;
  readonly type: EntryType;
}

export interface WalkOptions {
  /** Which entries to report; asked before the secrets policy, so that only what matters counts as hidden. */
  readonly wants: (path: string, type: EntryType) => boolean;
  /** Which directories to look into. Default: all. */
  readonly enters?: ((path: string) => boolean) | undefined;
  /** Start with this path or, when it is gone, with the first after it; sub-trees before it are not visited. */
  readonly from?: string | undefined;
  readonly progress: ProgressMeter;
}

/** A directory on the way, its entries read, its own descriptor perhaps closed. */
interface Frame {
  /** Path with `/` at the end, `""` for the start. */
  readonly base: string;
  readonly entries: readonly Dirent[];
  readonly rules: IgnoreChain | undefined;
  next: number;
  /** What is left of `from` here. */
  readonly from: readonly string[];
}

/**
 * Walks a tree depth first: a directory comes before what is in it, names in order of their code units. Links are
 * reported, never followed, and nothing outside the start is reached when directories are swapped meanwhile. A
 * directory that cannot be read is counted and passed over.
 */
export class TreeWalk {
  readonly #filter: EntryFilter;
  readonly #chain: OpenChain;
  readonly #frames: Frame[] = [];
  readonly #options: WalkOptions;
  #hidden = 0;
  #unreadable = 0;

  /** @throws ToolError INVALID_ARGUMENT for a bad glob; the errno of the start when it cannot be opened. */
  constructor(scope: Scope, options: WalkOptions) {
    this.#options = options;
    this.#filter = new EntryFilter(scope);
    this.#chain = new OpenChain(openStart(scope));
  }

  /** So far. */
  get omissions(): Omissions {
    return { hidden: this.#hidden, unreadable: this.#unreadable };
  }

  /** For files found unreadable by who opens them. */
  countUnreadable(): void {
    this.#unreadable++;
  }

  /** Opens the entry reported last. */
  openFile(name: string): number {
    return this.#chain.current.openFile(name);
  }

  /**
   * Runs once.
   * @throws the errno of the start when it cannot be listed, and of the system when it has no more descriptors.
   */
  *entries(): Generator<WalkEntry, void, undefined> {
    const { wants, enters = always, from, progress } = this.#options;
    try {
      this.#read("", this.#filter.rulesAbove, from?.split("/") ?? []);
      for (let frame = this.#frames.at(-1); frame; frame = this.#frames.at(-1)) {
        const entry = frame.entries[frame.next++];
        if (!entry) {
          this.#leave();
          continue;
        }
        progress.visit();
        const { name } = entry;
        const rest = stillAhead(frame.from, name);
        if (!rest) continue;
        const path = frame.base + name;
        const type = typeOf(entry);
        const wanted = rest.length === 0 && wants(path, type);
        const entered = type === "directory" && enters(path);
        if (!(wanted || entered) || this.#leavesOut(path, name, type, frame.rules)) continue;
        if (wanted) yield { path, name, type };
        if (entered) this.#enter(name, `${path}/`, frame.rules, rest);
      }
    } finally {
      this.#chain.close();
    }
  }

  #leavesOut(path: string, name: string, type: EntryType, rules: IgnoreChain | undefined): boolean {
    if (this.#filter.excludes(path, name, type === "directory", rules)) return true;
    if (!this.#filter.hides(path)) return false;
    this.#hidden++;
    return true;
  }

  #enter(name: string, base: string, rulesAbove: IgnoreChain | undefined, from: readonly string[]): void {
    const depth = this.#chain.depth;
    try {
      this.#chain.enter(name);
      this.#read(base, rulesAbove, from);
    } catch (error) {
      if (isOutOfDescriptors(error)) throw error;
      this.#unreadable++;
      if (this.#chain.depth > depth) this.#chain.leave();
    }
  }

  #read(base: string, rulesAbove: IgnoreChain | undefined, from: readonly string[]): void {
    const directory = this.#chain.current;
    const entries = directory.entries();
    const rules = this.#filter.rulesIn(directory, entries, base, rulesAbove);
    this.#frames.push({ base, entries, rules, next: 0, from });
  }

  #leave(): void {
    this.#frames.pop();
    this.#chain.leave();
  }
}

const always = () => true;

/**
 * Compares a name with the next one of `from`.
 * @returns undefined when the name comes before it, else the names that the walk still has to come to below.
 */
function stillAhead(from: readonly string[], name: string): readonly string[] | undefined {
  const [first] = from;
  if (first === undefined || name > first) return NOTHING;
  return name === first ? from.slice(1) : undefined;
}

const NOTHING: readonly string[] = [];
