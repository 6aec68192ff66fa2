import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ByteString } from "../../bytes/byte-string.js";
import type { IndexEntry } from "../../index-file/types.js";
import { SharedStats } from "./shared-stats.js";

/** Fewer files are done with before the thread has its first. */
const FEWEST = 2000;
/** Milliseconds that the thread is kept for the next one who needs it. */
const KEPT_MS = 60_000;
const MAX_HEAP_MB = 512;

/** What the thread is asked for: it fills in `memory`, a {@link SharedStats}, and sends it back. */
export interface StatRequest {
  /** Directory that the paths start from. */
  readonly root: ByteString;
  /** With a NUL between two; absent where they are those of the last request. */
  readonly paths: ByteString | undefined;
  readonly memory: SharedArrayBuffer;
}

/**
 * A second thread that looks at the files of an index while the first one does: most of a status is waiting for the file system.
 * It is started by the first who has enough files, and never waited for, so that its absence or its end only cost time.
 */
export class StatThread {
  readonly #file: string | undefined;
  #worker: Worker | undefined;
  #known: readonly IndexEntry[] | undefined;
  #isUnusable = availableParallelism() < 2;
  /** What the thread is through with. */
  #used: SharedStats | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** @param file of the worker; the one that was built with the server by default */
  constructor(file?: string) {
    this.#file = file;
  }

  /** Has the stats of these files filled in, from the last one back; undefined where that gains nothing. */
  statsOf(root: ByteString, entries: readonly IndexEntry[]): SharedStats | undefined {
    if (entries.length < FEWEST) return undefined;
    const worker = this.#started();
    if (worker === undefined) return undefined;
    const paths = this.#known === entries ? undefined : entries.map(({ path }) => path).join("\0");
    const stats = SharedStats.forFiles(entries.length, this.#used);
    this.#used = undefined;
    worker.postMessage({ root, paths, memory: stats.memory } satisfies StatRequest);
    this.#known = entries;
    this.#idle ??= setTimeout(() => this.close(), KEPT_MS).unref();
    this.#idle.refresh();
    return stats;
  }

  /** Ends the thread; the next who needs it starts another. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#forget(worker);
    await worker?.terminate();
  }

  #started(): Worker | undefined {
    if (this.#isUnusable || this.#worker) return this.#worker;
    try {
      const file = this.#file ?? createRequire(import.meta.url).resolve("#stat-worker");
      // Flags and variables of the process are not the worker's business.
      const own = {
        execArgv: [],
        env: {},
        resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: 4 },
      };
      const worker = new Worker(file, { name: "stat", ...own });
      worker.unref();
      worker.on("message", (memory: SharedArrayBuffer) => {
        this.#used = new SharedStats(memory);
      });
      worker.on("error", () => {
        this.#isUnusable = true;
      });
      worker.on("exit", () => this.#forget(worker));
      this.#worker = worker;
    } catch {
      // Not built, or not permitted to this process.
      this.#isUnusable = true;
    }
    return this.#worker;
  }

  #forget(worker: Worker | undefined): void {
    if (this.#worker === worker) this.#worker = this.#known = this.#used = undefined;
  }
}

/** The one of this process. */
export const statThread = new StatThread();
