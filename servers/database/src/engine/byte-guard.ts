import type { Client } from "pg";
import { connectionOf } from "./wire.js";

/**
 * Ends a connection over which a single value arrives that is larger than anybody wants: pg collects a message whole before it
 * hands it on, and a value may have a gigabyte.
 */
export class ByteGuard {
  #sinceLastRow = 0;
  #tripped = false;
  readonly #stop: () => void;

  /** @param most bytes that may arrive between two rows */
  constructor(client: Client, most: number) {
    const { stream } = connectionOf(client);
    const count = (chunk: Buffer) => {
      this.#sinceLastRow += chunk.length;
      if (this.#sinceLastRow <= most) return;
      this.#tripped = true;
      stream.destroy(new Error("a value is too large"));
    };
    stream.prependListener("data", count);
    this.#stop = () => stream.off("data", count);
  }

  get tripped(): boolean {
    return this.#tripped;
  }

  /** A message has been read whole. */
  mark(): void {
    this.#sinceLastRow = 0;
  }

  stop(): void {
    this.#stop();
  }
}
