import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { Boundary, pathOf } from "./boundary.js";
import type { DirectoryRef } from "./directory-ref.js";
import { fromErrno } from "./errno.js";
import { HeldDirectory, type HeldPlace } from "./held-directory.js";
import { LinkWalk } from "./link-walk.js";
import { narrowRoots } from "./narrow.js";
import { holdsRoot, notARegularFile, readOnlyRoot } from "./refusals.js";
import { replaceFile } from "./replace-file.js";
import type { SecretPolicy } from "./secret-policy.js";
import type { OpenFile, PathSandbox, Place, PlaceOptions, ReplaceOptions, Root, SecretPatterns } from "./types.js";

interface Settings {
  secrets: SecretPatterns;
  policy: SecretPolicy;
  /** What new files do without, as `umask(2)`. */
  umask: number;
}

/** The sandbox over roots that are open already. */
export class RootedSandbox implements PathSandbox {
  readonly #boundary: Boundary;
  readonly #rootRefs: Map<Root, DirectoryRef>;
  readonly #settings: Settings;

  /** Takes over the references: {@link close} releases them. */
  constructor(rootRefs: Map<Root, DirectoryRef>, settings: Settings) {
    this.#boundary = new Boundary([...rootRefs.keys()], settings.policy);
    this.#rootRefs = rootRefs;
    this.#settings = settings;
  }

  get roots(): readonly Root[] {
    return this.#boundary.roots;
  }

  get secrets(): SecretPatterns {
    return this.#settings.secrets;
  }

  async narrow(paths: readonly string[]): Promise<PathSandbox> {
    return new RootedSandbox(await narrowRoots(this, paths), this.#settings);
  }

  openDirectory(input: string): Promise<HeldDirectory> {
    return this.#walk(input, async (walk) => {
      await walk.toDirectory();
      return new HeldDirectory(input, walk.hold());
    });
  }

  openFile(input: string): Promise<OpenFile> {
    return this.#walk(input, async (walk) => {
      const entry = await walk.toEntry();
      try {
        if (!entry.stats.isFile()) throw notARegularFile(input, entry.stats);
        const handle = await entry.open();
        return { handle, stats: await handle.stat(), path: pathOf(walk.location), close: () => handle.close() };
      } finally {
        entry.release();
      }
    });
  }

  place(input: string, options?: PlaceOptions): Promise<Place> {
    return this.#walk(input, (walk) => this.#placeAt(input, walk, options));
  }

  replace(
    input: string,
    options: ReplaceOptions,
    write: (handle: FileHandle, place: Place) => Promise<void>,
  ): Promise<Stats> {
    return this.#walk(input, async (walk) => {
      const place = await this.#placeAt(input, walk, { write: true });
      try {
        return await replaceFile({ ...options, input, place, umask: this.#settings.umask, write });
      } finally {
        await place.close();
      }
    });
  }

  async close(): Promise<void> {
    for (const ref of this.#rootRefs.values()) ref.release();
    this.#rootRefs.clear();
  }

  async #walk<T>(input: string, use: (walk: LinkWalk) => Promise<T>): Promise<T> {
    const asked = this.#boundary.ask(input);
    await this.#renewRoots();
    const walk = new LinkWalk(this.#boundary, this.#rootRefs, asked);
    try {
      return await use(walk);
    } catch (error) {
      throw fromErrno(error, input);
    } finally {
      walk.stop();
    }
  }

  async #renewRoots(): Promise<void> {
    for (const [root, ref] of this.#rootRefs) {
      const current = await ref.current(root.path);
      if (current === ref) continue;
      // Another call may have done the same meanwhile, or closed the sandbox.
      const stale = this.#rootRefs.get(root) === ref;
      if (stale) this.#rootRefs.set(root, current);
      (stale ? ref : current).release();
    }
  }

  async #placeAt(input: string, walk: LinkWalk, options: PlaceOptions = {}): Promise<HeldPlace> {
    const { name, stats } = await walk.toPlace(options.followLeaf ?? true);
    const { location } = walk;
    const path = pathOf(location);
    if (options.write) this.#checkWritable(input, path);
    const directory = new HeldDirectory(input, walk.hold());
    return { directory, name, stats, path, close: () => directory.close() };
  }

  #checkWritable(input: string, path: string): void {
    const readOnly = this.#boundary.readOnlyRoot(path);
    if (readOnly) throw readOnlyRoot(input, readOnly);
    if (this.#boundary.holdsRoot(path)) throw holdsRoot(input);
  }
}
