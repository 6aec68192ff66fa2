import { ToolError } from "@mcp-reference/validation";

interface Lane {
  running: number;
  waiting: (() => void)[];
}

/** Lets a caller run `concurrent` calls at once and `queued` wait; the next one is RATE_LIMITED. */
export class Gate {
  readonly #lanes = new Map<string, Lane>();

  constructor(
    private readonly concurrent: number,
    private readonly queued = 64,
  ) {}

  /** Waits for a place. @returns gives the place back. */
  async enter(caller: string, signal: AbortSignal): Promise<() => void> {
    const lane = this.#lanes.get(caller) ?? { running: 0, waiting: [] };
    this.#lanes.set(caller, lane);
    if (lane.running < this.concurrent) lane.running += 1;
    else await this.#queue(lane, signal);
    return () => this.#leave(caller, lane);
  }

  #queue(lane: Lane, signal: AbortSignal): Promise<void> {
    if (lane.waiting.length >= this.queued) {
      throw new ToolError("RATE_LIMITED", `${this.concurrent} calls run and ${this.queued} wait already`, {
        hint: "Wait for some of them to finish",
        retryAfterMs: 1000,
      });
    }
    return new Promise((resolve, reject) => {
      const proceed = () => {
        signal.removeEventListener("abort", abandon);
        resolve();
      };
      const abandon = () => {
        lane.waiting.splice(lane.waiting.indexOf(proceed), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", abandon, { once: true });
      lane.waiting.push(proceed);
    });
  }

  #leave(caller: string, lane: Lane): void {
    const next = lane.waiting.shift();
    if (next) {
      next();
    } else {
      lane.running -= 1;
      if (lane.running === 0) this.#lanes.delete(caller);
    }
  }
}
