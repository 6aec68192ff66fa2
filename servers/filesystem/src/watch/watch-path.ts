import { type FSWatcher, type Stats, watch } from "node:fs";
import { lstat, stat } from "node:fs/promises";
import path from "node:path";
import { errnoOf, type OpenDirectory, type PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { openAny } from "../listing/open-any.js";
import { etagOf } from "../write/etag.js";

/** From the first sign of a change until it is looked at: a burst is told as one change. */
const BURST_MS = 75;
/** Finds what raises no event: changes on a network mount, a link on the way that leads elsewhere. */
const SWEEP_MS = 5_000;
/** Where there are no events at all: nothing to watch, or no watches left (ENOSPC). */
const SWEEP_WITHOUT_EVENTS_MS = 1_000;
/** File systems stamp times in steps of up to 10 ms: two changes within one leave the same etag. */
const CLOCK_STEP_MS = 20;

/**
 * Calls `changed` whenever a file or directory has changed: its content, or that it is there at all.
 * @returns what stops it
 * @throws ToolError as for opening it: what may not be read may not be watched
 */
export async function watchPath(sandbox: PathSandbox, path: string, changed: () => void): Promise<() => void> {
  const opened = await openAny(sandbox, path);
  await opened.close();
  const watched = new WatchedPath(sandbox, path, changed);
  await watched.start();
  return () => watched.stop();
}

/** What the path is looked up in: its parent, so that another file under its name is noticed; a directory is its own. */
interface Spot {
  readonly directory: OpenDirectory;
  readonly name: string | undefined;
}

/** Events only say when to look: whether something changed is for the etag to tell. */
class WatchedPath {
  #etag: string | undefined;
  /** Changed so shortly before it was looked at that one more change may not show in the etag. */
  #fresh = false;
  #name: string | undefined;
  #events: { watcher: FSWatcher; identity: string } | undefined;
  #touched = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly sandbox: PathSandbox,
    private readonly path: string,
    private readonly changed: () => void,
  ) {}

  async start(): Promise<void> {
    await this.#look();
    this.#lookAgain();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#unwatch();
  }

  #lookAgain(): void {
    if (this.#stopped) return;
    const pause = this.#events ? SWEEP_MS : SWEEP_WITHOUT_EVENTS_MS;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), this.#touched ? BURST_MS : pause).unref();
  }

  async #check(): Promise<void> {
    this.#timer = undefined;
    const differs = await this.#look();
    this.#lookAgain();
    if (differs && !this.#stopped) this.changed();
  }

  /** @returns whether it is not what it was; false too while nobody can tell. */
  async #look(): Promise<boolean> {
    const touched = this.#touched;
    this.#touched = false;
    const now = Date.now();
    let stats: Stats | undefined;
    try {
      stats = await this.#see();
    } catch {
      return false; // too many open files, the server is closing: the next look will tell
    }
    const etag = stats && etagOf(stats);
    const differs = etag !== this.#etag || (touched && this.#fresh);
    this.#etag = etag;
    this.#fresh = stats !== undefined && stats.mtimeMs > now - CLOCK_STEP_MS;
    return differs;
  }

  /** What is there now, undefined where nothing can be read; events are followed from before it was looked at. */
  async #see(): Promise<Stats | undefined> {
    const spot = await locate(this.sandbox, this.path);
    if (!spot) {
      this.#unwatch();
      return undefined;
    }
    const { directory, name } = spot;
    try {
      await this.#watch(directory, name);
      return await (name === undefined ? stat(directory.at()) : lstat(directory.at(name)));
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return undefined;
      throw error;
    } finally {
      await directory.close();
    }
  }

  async #watch(directory: OpenDirectory, name: string | undefined): Promise<void> {
    this.#name = name;
    const { dev, ino } = await stat(directory.at(), { bigint: true });
    const identity = `${dev}:${ino}`;
    if (this.#stopped || this.#events?.identity === identity) return;
    this.#unwatch();
    try {
      // The watch stays with this very directory, whatever happens to its path or to the descriptor.
      const watcher = watch(directory.at(), { persistent: false });
      const ownName = path.basename(directory.at());
      watcher.on("change", (_, entry) => this.#onEvent(entry?.toString(), ownName));
      watcher.on("error", () => this.#onEvent(undefined, ownName));
      this.#events = { watcher, identity };
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }

  /** @param entry undefined or `ownName` where the directory itself was moved or removed */
  #onEvent(entry: string | undefined, ownName: string): void {
    const itself = entry === undefined || entry === ownName;
    if (itself) this.#unwatch();
    else if (this.#name !== undefined && entry !== this.#name) return;
    if (this.#touched) return;
    this.#touched = true;
    if (this.#timer) this.#lookAgain();
  }

  #unwatch(): void {
    this.#events?.watcher.close();
    this.#events = undefined;
  }
}

/** @returns undefined where nothing is there that could be read: it is gone, or leads outside now. */
async function locate(sandbox: PathSandbox, path: string): Promise<Spot | undefined> {
  try {
    return await locateSpot(sandbox, path);
  } catch (error) {
    if (error instanceof ToolError && error.code !== "UNAVAILABLE" && error.code !== "CONFLICT") return undefined;
    throw error;
  }
}

async function locateSpot(sandbox: PathSandbox, path: string): Promise<Spot> {
  try {
    const place = await sandbox.place(path);
    if (!place.stats?.isDirectory()) return { directory: place.directory, name: place.name };
    await place.close();
  } catch (error) {
    const isRoot = error instanceof ToolError && error.code === "INVALID_ARGUMENT"; // which has no place
    if (!isRoot) throw error;
  }
  return { directory: await sandbox.openDirectory(path), name: undefined };
}
