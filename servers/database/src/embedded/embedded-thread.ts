import { Worker } from "node:worker_threads";
import { ToolError } from "@mcp-reference/validation";
import { Flow } from "./flow.js";
import type { WorkerMessage, WorkerRequest, WorkerTask } from "./worker-message.js";

/** PostgreSQL recurses deeply before its own limit (`max_stack_depth`) stops it, in WASM on the stack of the thread. */
const STACK_MB = 64;
/** How long a database that is not busy may take to close, in milliseconds. */
const CLOSE_MS = 2_000;

export interface ThreadEvents {
  output(bytes: Uint8Array<ArrayBuffer>, read: () => void): void;
  /** The thread has ended. @param why what every statement fails with that waits for an answer */
  ended(why: ToolError): void;
}

/** The worker thread with the database. It blocks while a statement runs; only ending it stops that. */
export class EmbeddedThread {
  readonly #worker: Worker;
  readonly #events: ThreadEvents;
  readonly #flow = new Flow();
  readonly #ready: Promise<void>;
  readonly #ended: Promise<void>;
  #settle: { resolve(): void; reject(reason: unknown): void } = { resolve() {}, reject() {} };
  #unanswered = 0;
  #memory = 0;
  #ending = false;
  #failure: ToolError | undefined;

  /** @param entry file of the worker */
  constructor(entry: string, task: Omit<WorkerTask, "unread">, events: ThreadEvents) {
    this.#events = events;
    this.#ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    const worker = new Worker(entry, {
      name: "embedded",
      workerData: { ...task, unread: this.#flow.shared } satisfies WorkerTask,
      // Flags and variables of the process are not the worker's business, and the process's output is the protocol's. What
      // PGlite prints, nearly nothing, is left unread: reading it would keep the process alive.
      ...{ execArgv: [], env: {}, stdout: true, stderr: true },
      resourceLimits: { stackSizeMb: STACK_MB },
    });
    this.#worker = worker;
    worker.on("message", (message: WorkerMessage) => this.#receive(message));
    worker.on("error", (error) => {
      this.#failure ??= crashed(error);
    });
    this.#ended = new Promise((resolve) => {
      worker.once("exit", () => {
        const why = this.#failure ?? (this.#ending ? stopped() : crashed(new Error("its worker ended")));
        this.#ending = true;
        this.#settle.reject(why);
        events.ended(why);
        resolve();
      });
    });
  }

  /** Settles when the database is open. @throws ToolError UNAVAILABLE, UPSTREAM */
  get ready(): Promise<void> {
    return this.#ready;
  }

  get ended(): Promise<void> {
    return this.#ended;
  }

  /** No good for another statement. */
  get ending(): boolean {
    return this.#ending;
  }

  /** Bytes that the database takes. */
  get memory(): number {
    return this.#memory;
  }

  /** Whether the thread keeps the process alive. */
  hold(process: boolean): void {
    if (process) this.#worker.ref();
    else this.#worker.unref();
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#ending) return;
    this.#unanswered += 1;
    this.#post({ kind: "input", bytes }, [bytes.buffer]);
  }

  /** Ends the thread, whatever it does. What was committed is on the disk, and the next to open it replays it. */
  async stop(why?: ToolError): Promise<void> {
    this.#ending = true;
    this.#failure ??= why;
    await this.#worker.terminate();
    await this.#ended;
  }

  /** Closes the database in order, unless it is busy. */
  async close(): Promise<void> {
    if (this.#unanswered > 0 || this.#ending) return this.stop();
    this.#ending = true;
    this.#worker.ref();
    this.#post({ kind: "close" });
    const late = setTimeout(() => void this.stop(), CLOSE_MS);
    await this.#ended;
    clearTimeout(late);
  }

  #post(request: WorkerRequest, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === "ready") this.#settle.resolve();
    else if (message.kind === "refused") this.#failure = refused(message);
    else if (message.kind === "answered") {
      this.#unanswered -= 1;
      this.#memory = message.memory;
    } else {
      const { bytes } = message;
      this.#events.output(bytes, () => this.#flow.received(bytes.length));
    }
  }
}

const stopped = () =>
  new ToolError("UNAVAILABLE", "the embedded database was stopped in the middle of this", { hint: "Try again" });

function crashed(error: Error): ToolError {
  const outOfMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  const what = outOfMemory ? "ran out of memory" : `crashed: ${error.message}`;
  return new ToolError("UPSTREAM", `the embedded database ${what}`, {
    hint: "It starts again with the next call; what was committed is kept",
    cause: error,
  });
}

function refused({ reason, message }: Extract<WorkerMessage, { kind: "refused" }>): ToolError {
  if (reason === "not opened")
    return new ToolError("UNAVAILABLE", `the embedded database cannot be opened: ${message}`);
  return new ToolError("UNAVAILABLE", "the embedded database needs @electric-sql/pglite, which is not installed", {
    hint: "Set DATABASE_URL to use a PostgreSQL server, or install @electric-sql/pglite",
  });
}
