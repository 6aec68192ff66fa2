import { ToolError } from "@mcp-reference/validation";

interface Turn {
  take(): void;
  refuse(reason: unknown): void;
}

/** A queue for the one thing there is. */
export class Turns {
  #taken = false;
  readonly #waiting = new Set<Turn>();

  /** @param waitMs longest wait, in milliseconds */
  constructor(private readonly waitMs: number) {}

  /** @throws ToolError UNAVAILABLE when the wait is too long; the reason of the signal */
  take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#taken) {
      this.#taken = true;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(turn);
        clearTimeout(timer);
        signal.removeEventListener("abort", abort);
      };
      const turn: Turn = {
        take() {
          leave();
          resolve();
        },
        refuse(reason) {
          leave();
          reject(reason);
        },
      };
      const abort = () => turn.refuse(signal.reason);
      const timer = setTimeout(() => turn.refuse(busy(this.waitMs)), this.waitMs);
      signal.addEventListener("abort", abort, { once: true });
      this.#waiting.add(turn);
    });
  }

  /** Lets the next one have it. */
  pass(): void {
    const [next] = this.#waiting;
    this.#taken = next !== undefined;
    next?.take();
  }

  /** Refuses all who wait. */
  close(reason: unknown): void {
    for (const turn of [...this.#waiting]) turn.refuse(reason);
  }
}

const busy = (waitMs: number) =>
  new ToolError("UNAVAILABLE", "the embedded database is busy with another call: it takes one at a time", {
    hint: "Try again when that has ended",
    retryAfterMs: waitMs,
  });
