type Values<Owner, Key, Value> = Map<Owner, Map<Key, Value>>;

/**
 * Keeps values that were used of late, for many owners under one limit. What was used since half the limit came in is always there;
 * an exact order of use would cost several times the two look-ups of this. No value may take more than a quarter.
 */
export class SizedCache<Owner, Key, Value> {
  readonly #half: number;
  readonly #costOf: (value: Value) => number;
  #young: Values<Owner, Key, Value> = new Map();
  #old: Values<Owner, Key, Value> = new Map();
  #youngBytes = 0;

  /**
   * @param limit bytes of all values together
   * @param costOf bytes that keeping one takes, with its key
   */
  constructor(limit: number, costOf: (value: Value) => number) {
    this.#half = limit / 2;
    this.#costOf = costOf;
  }

  get(owner: Owner, key: Key): Value | undefined {
    const young = this.#young.get(owner)?.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(owner)?.get(key);
    if (old !== undefined) this.set(owner, key, old);
    return old;
  }

  set(owner: Owner, key: Key, value: Value): void {
    const bytes = this.#costOf(value);
    if (bytes > this.#half / 2) return;
    if (this.#youngBytes + bytes > this.#half) this.#age();
    this.#youngBytes += bytes;
    const values = this.#young.get(owner);
    if (values) values.set(key, value);
    else this.#young.set(owner, new Map([[key, value]]));
  }

  #age(): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
  }
}
