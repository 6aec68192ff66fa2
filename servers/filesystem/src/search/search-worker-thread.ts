import { Worker } from "node:worker_threads";
import { ToolError } from "@mcp-reference/validation";
import type { ResultOf, Task, TaskProgress } from "../walk/tasks.js";
import { errorOf, stopped, type WorkerMessage } from "./worker-message.js";

/** A worker that needs more ends with an error of its own instead of taking the process with it. */
const MAX_HEAP_MB = 512;

export interface RunOptions {
  /** Ends the worker, wherever it is; the call then fails with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: TaskProgress) => void) | undefined;
}

interface Call {
  readonly resolve: (result: ResultOf<Task>) => void;
  readonly reject: (reason: unknown) => void;
  readonly onProgress: RunOptions["onProgress"];
  readonly stopListening: () => void;
}

/** One worker thread, which runs one task at a time. It holds the process only while it does. */
export class SearchWorker {
  readonly #thread: Worker;
  #call: Call | undefined;
  #ending = false;

  constructor(entry: string, onExit: () => void) {
    // Flags and variables of the process are not the worker's business, loaders of a test runner least of all.
    const own = { execArgv: [], env: {}, resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } };
    this.#thread = new Worker(entry, { name: "search", ...own });
    this.#thread.unref();
    this.#thread.on("message", (message: WorkerMessage) => this.#receive(message));
    this.#thread.on("messageerror", (error) => this.#settle((call) => call.reject(error)));
    this.#thread.on("error", (error) => {
      this.#ending = true;
      this.#settle((call) => call.reject(uncaught(error)));
    });
    this.#thread.on("exit", () => {
      this.#ending = true;
      this.#settle((call) => call.reject(stopped()));
      onExit();
    });
  }

  /** No good for another task. */
  get ending(): boolean {
    return this.#ending;
  }

  /** @throws ToolError as the task does; an Error with `code` for a failed system call; the reason of the signal. */
  run<T extends Task>(task: T, { signal, onProgress }: RunOptions): Promise<ResultOf<T>> {
    const result = new Promise<ResultOf<Task>>((resolve, reject) => {
      signal.throwIfAborted();
      const abort = () => {
        void this.end();
        this.#settle((call) => call.reject(signal.reason));
      };
      signal.addEventListener("abort", abort, { once: true });
      const stopListening = () => signal.removeEventListener("abort", abort);
      this.#call = { resolve, reject, onProgress, stopListening };
      this.#thread.ref();
      this.#thread.postMessage(task);
    });
    return result as Promise<ResultOf<T>>;
  }

  /** Ends the thread, whatever it does: a match in progress too. */
  async end(): Promise<void> {
    this.#ending = true;
    await this.#thread.terminate();
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === "progress") this.#call?.onProgress?.(message.value);
    else if (message.kind === "result") this.#settle((call) => call.resolve(message.value));
    else this.#settle((call) => call.reject(errorOf(message)));
  }

  #settle(outcome: (call: Call) => void): void {
    const call = this.#call;
    if (!call) return;
    this.#call = undefined;
    this.#thread.unref();
    call.stopListening();
    outcome(call);
  }
}

/** An error nobody in the worker caught; running out of memory is the one to be expected. */
function uncaught(error: Error): Error {
  if (!("code" in error) || error.code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
  return new ToolError("TOO_LARGE", "The search needed too much memory", {
    hint: "Search a smaller directory, or smaller files",
    cause: error,
  });
}
