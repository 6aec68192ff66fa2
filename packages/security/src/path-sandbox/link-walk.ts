import type { Stats } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import path from "node:path";
import { type AskedPath, type Boundary, type Location, MAX_DEPTH, pathOf } from "./boundary.js";
import type { DirectoryRef, Entry } from "./directory-ref.js";
import { errnoOf } from "./errno.js";
import { isADirectory, notADirectory, outsideRoot, rootItself, tooManyLinks } from "./refusals.js";
import type { Root } from "./types.js";

/** What Linux allows; a name that is swapped again and again uses them up too. */
const MAX_HOPS = 40;
const SEPARATOR = path.sep === "/" ? "/" : /[\\/]/;

/**
 * Walks one path asked for, a name at a time from its root, and follows links itself: the kernel never does. Where a
 * link leads is decided as text; what is outside the roots is never touched.
 *
 * It holds one directory at a time, until {@link stop}. Failed system calls come out as they are.
 */
export class LinkWalk {
  readonly #boundary: Boundary;
  readonly #rootRefs: ReadonlyMap<Root, DirectoryRef>;
  readonly #input: string;
  #root: Root;
  #here: DirectoryRef;
  /** Names of the directories entered, none of them a link. */
  #entered: string[] = [];
  /** What is still to do; `..` only where a link brought it. */
  #steps: string[];
  #hops = 0;

  constructor(boundary: Boundary, rootRefs: ReadonlyMap<Root, DirectoryRef>, { input, location }: AskedPath) {
    this.#boundary = boundary;
    this.#rootRefs = rootRefs;
    this.#input = input;
    this.#root = location.root;
    this.#steps = [...location.below];
    this.#here = this.#holdRoot(location.root);
  }

  /** Enters everything, links included. */
  async toDirectory(): Promise<void> {
    while (this.#steps.length > 0) await this.#enter();
    await this.#here.verify();
    this.#boundary.guard(this.#input, this.location);
  }

  /** Enters everything but the last name, and looks at what that is in the end, links resolved. The caller releases it. */
  async toEntry(): Promise<Entry> {
    for (;;) {
      const name = await this.#toLastName();
      if (name === undefined) throw isADirectory(this.#input);
      const entry = await this.#here.look(name);
      if (!entry.stats.isSymbolicLink()) return entry;
      entry.release();
      await this.#follow(name, { anyLeaf: true });
    }
  }

  /** Enters everything but the last name, which may be anything or nothing. */
  async toPlace(followLeaf: boolean): Promise<{ name: string; stats: Stats | undefined }> {
    for (;;) {
      const name = await this.#toLastName();
      if (name === undefined) throw rootItself(this.#input);
      const stats = await lstatIfAny(this.#here.at(name));
      await this.#here.verify();
      if (!followLeaf || !stats?.isSymbolicLink()) return { name, stats };
      await this.#follow(name, { anyLeaf: true });
    }
  }

  /** Where the walk stands and, with names left, where those lead. */
  get location(): Location {
    return { root: this.#root, below: [...this.#entered, ...this.#steps] };
  }

  /** The directory the walk stands in; the caller releases it. */
  hold(): { ref: DirectoryRef; location: Location } {
    return { ref: this.#here.retain(), location: { root: this.#root, below: this.#entered } };
  }

  stop(): void {
    this.#here.release();
  }

  async #toLastName(): Promise<string | undefined> {
    while (this.#steps.length > 1 || this.#steps[0] === "..") await this.#enter();
    this.#boundary.guard(this.#input, this.location);
    return this.#steps[0];
  }

  async #enter(): Promise<void> {
    const name = this.#steps[0] as string;
    if (name === "..") return this.#restart(this.#standing(), this.#steps);
    let next: DirectoryRef;
    try {
      next = await this.#here.enter(name);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === "ENOTDIR" || errno === "ELOOP") return this.#follow(name);
      throw error;
    }
    this.#here.release();
    this.#here = next;
    this.#entered.push(name);
    this.#steps.shift();
  }

  /** Turns to where the next name leads. When it is no link any more, the caller finds out by trying it again. */
  async #follow(name: string, { anyLeaf = false } = {}): Promise<void> {
    const target = await this.#readLink(name, anyLeaf);
    if (target === undefined) return this.#hop();
    const { root } = path.parse(target);
    const names = target.slice(root.length).split(SEPARATOR);
    const steps = names.filter((step) => step !== "" && step !== ".");
    this.#restart(root || this.#standing(), [...steps, ...this.#steps.slice(1)]);
  }

  /** The link's target, or undefined when `name` was swapped meanwhile. */
  async #readLink(name: string, anyLeaf: boolean): Promise<string | undefined> {
    try {
      return await readlink(this.#here.at(name));
    } catch (error) {
      if (errnoOf(error) !== "EINVAL") throw error;
      const now = await lstat(this.#here.at(name));
      const goesOn = now.isDirectory() || now.isSymbolicLink() || anyLeaf;
      if (!goesOn) throw notADirectory(this.#input);
      return undefined;
    }
  }

  /** The real path of the directory the walk stands in. */
  #standing(): string {
    return pathOf({ root: this.#root, below: this.#entered });
  }

  /**
   * Begins again at the root that holds where `steps` lead from `base`, which has no links: so `..` right after it are
   * exact. Later ones may come after a link and wait until the walk is there.
   */
  #restart(base: string, steps: readonly string[]): void {
    this.#hop();
    if (steps.length > MAX_DEPTH) throw tooManyLinks(this.#input);
    const firstName = steps.findIndex((step) => step !== "..");
    const laterUp = firstName < 0 ? -1 : steps.indexOf("..", firstName);
    const end = laterUp < 0 ? steps.length : laterUp;
    const found = this.#boundary.locate(path.resolve(base, ...steps.slice(0, end)));
    if (!found) throw outsideRoot(this.#input, this.#boundary.roots);
    if (end === steps.length) this.#boundary.guard(this.#input, found);
    const ref = this.#holdRoot(found.root);
    this.#here.release();
    this.#here = ref;
    this.#root = found.root;
    this.#entered = [];
    this.#steps = [...found.below, ...steps.slice(end)];
  }

  #hop(): void {
    if (++this.#hops > MAX_HOPS) throw tooManyLinks(this.#input);
  }

  #holdRoot(root: Root): DirectoryRef {
    const ref = this.#rootRefs.get(root);
    if (!ref) throw new Error("the sandbox is closed");
    return ref.retain();
  }
}

async function lstatIfAny(entry: string): Promise<Stats | undefined> {
  try {
    return await lstat(entry);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
