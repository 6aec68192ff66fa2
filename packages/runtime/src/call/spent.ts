/** Remembers one-time values until they would have expired anyway. Replicas share one through another store. */
export class SpentOnce {
  readonly #until = new Map<string, number>();

  constructor(private readonly ttlMs: number) {}

  /** @returns false when `value` was spent before. */
  spend(value: string, now = Date.now()): boolean {
    for (const [old, until] of this.#until) {
      if (until > now) break;
      this.#until.delete(old);
    }
    if (this.#until.has(value)) return false;
    this.#until.set(value, now + this.ttlMs);
    return true;
  }
}
