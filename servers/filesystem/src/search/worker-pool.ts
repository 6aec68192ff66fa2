import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import type { ResultOf, Task } from "../walk/tasks.js";
import { type RunOptions, SearchWorker } from "./search-worker-thread.js";
import { stopped } from "./worker-message.js";

const MAX_WORKERS = Math.max(2, Math.min(4, availableParallelism()));
/** A new worker takes some 30 ms to start, an idle one some 10 MB. */
const MAX_IDLE = 2;

interface Turn {
  take(worker: SearchWorker): void;
  refuse(reason: unknown): void;
}

/** Runs search tasks in worker threads, a few at a time and the others in turn. Idle workers don't hold the process. */
export class WorkerPool {
  readonly #entry: string | undefined;
  /** All whose threads have not ended: one that is stuck in a system call keeps its place. */
  readonly #workers = new Set<SearchWorker>();
  readonly #idle: SearchWorker[] = [];
  readonly #waiting: Turn[] = [];
  #closed = false;

  /** @param entry file of the worker; the one that was built with the server by default. */
  constructor(entry?: string) {
    this.#entry = entry;
  }

  /**
   * Runs a task to its end or until `signal` aborts, which ends its thread and leaves the others alone.
   * @throws ToolError as the task does; an Error with `code` for a failed system call; the reason of the signal.
   */
  async run<T extends Task>(task: T, options: RunOptions): Promise<ResultOf<T>> {
    options.signal.throwIfAborted();
    if (this.#closed) throw stopped();
    const worker = this.#idle.pop() ?? this.#startWorker() ?? (await this.#turn(options.signal));
    try {
      return await worker.run(task, options);
    } finally {
      this.#giveBack(worker);
    }
  }

  /** Ends all workers; tasks under way and those that wait fail with UNAVAILABLE. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const turn of this.#waiting.splice(0)) turn.refuse(stopped());
    await Promise.all([...this.#workers].map((worker) => worker.end()));
  }

  #startWorker(): SearchWorker | undefined {
    if (this.#workers.size >= MAX_WORKERS) return undefined;
    const worker = new SearchWorker(this.#entry ?? builtWorker(), () => this.#forget(worker));
    this.#workers.add(worker);
    return worker;
  }

  #turn(signal: AbortSignal): Promise<SearchWorker> {
    return new Promise((resolve, reject) => {
      const stopListening = () => signal.removeEventListener("abort", abort);
      const turn: Turn = {
        take(worker) {
          stopListening();
          resolve(worker);
        },
        refuse(reason) {
          stopListening();
          reject(reason);
        },
      };
      const abort = () => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        turn.refuse(signal.reason);
      };
      signal.addEventListener("abort", abort);
      this.#waiting.push(turn);
    });
  }

  #giveBack(worker: SearchWorker): void {
    // One that ends makes room when it has ended.
    if (worker.ending) return;
    const next = this.#waiting.shift();
    if (next) next.take(worker);
    else if (this.#idle.length < MAX_IDLE) this.#idle.push(worker);
    else void worker.end();
  }

  #forget(worker: SearchWorker): void {
    this.#workers.delete(worker);
    const index = this.#idle.indexOf(worker);
    if (index >= 0) this.#idle.splice(index, 1);
    const replacement = this.#waiting.length > 0 ? this.#startWorker() : undefined;
    if (replacement) this.#giveBack(replacement);
  }
}

const builtWorker = () => createRequire(import.meta.url).resolve("#search-worker");
