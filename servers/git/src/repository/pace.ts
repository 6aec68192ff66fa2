import { setImmediate } from "node:timers/promises";

/** Milliseconds of work between two looks at the event loop. */
const TURN_MS = 15;

/**
 * Lets long synchronous work take turns with everything else in the process:
 * `if (pace.due()) await pace.pause();` inside its loops.
 */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  #turnEnds = performance.now() + TURN_MS;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  due(): boolean {
    return performance.now() >= this.#turnEnds;
  }

  /** @throws what the signal was aborted with */
  async pause(): Promise<void> {
    await setImmediate();
    this.#signal?.throwIfAborted();
    this.#turnEnds = performance.now() + TURN_MS;
  }
}
