import { randomUUID } from "node:crypto";
import { ToolError } from "@mcp-reference/validation";

/** Milliseconds a result waits for its next page. */
export const HOLD_MS = 60_000;

interface Held<T> {
  owner: string;
  result: T;
  expiry: NodeJS.Timeout;
}

/**
 * Results of which more pages may be wanted: each under a name that is good once, so that a page is never given twice or
 * left out; a few at a time, the oldest making way.
 */
export class HeldResults<T> {
  readonly #held = new Map<string, Held<T>>();

  /** @param most held at once, at least one @param discard frees what a result holds */
  constructor(
    private readonly most: number,
    private readonly discard: (result: T) => void,
  ) {}

  /** @returns the name to ask with */
  hold(owner: string, result: T): string {
    if (this.#held.size >= this.most) this.dropOldest();
    const name = randomUUID();
    const expiry = setTimeout(() => this.#drop(name), HOLD_MS).unref();
    this.#held.set(name, { owner, result, expiry });
    return name;
  }

  /** Takes a result out. @throws ToolError CONFLICT when it is gone or somebody else's */
  take(owner: string, name: string): T {
    const held = this.#held.get(name);
    if (held?.owner !== owner) {
      throw new ToolError("CONFLICT", "the rest of this result is gone: it is kept for a minute and given once", {
        hint: "Run the query again",
      });
    }
    this.#held.delete(name);
    clearTimeout(held.expiry);
    return held.result;
  }

  /** @returns whether there was one */
  dropOldest(): boolean {
    const [oldest] = this.#held.keys();
    if (oldest !== undefined) this.#drop(oldest);
    return oldest !== undefined;
  }

  dropAll(): void {
    while (this.dropOldest());
  }

  #drop(name: string): void {
    const held = this.#held.get(name);
    if (!held) return;
    this.#held.delete(name);
    clearTimeout(held.expiry);
    this.discard(held.result);
  }
}
