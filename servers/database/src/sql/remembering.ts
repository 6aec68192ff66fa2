const MOST = 64;
/** Characters; what is made of a statement is some fifty times as large. */
const LONGEST = 2000;

/** What is known of the last statements, by their text: they come again, with other values or to see what has changed. */
export class LastStatements<Known extends object> {
  readonly #known = new Map<string, Known>();

  get(sql: string): Known | undefined {
    return this.#known.get(sql);
  }

  set(sql: string, known: Known): void {
    if (sql.length > LONGEST) return;
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MOST && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(sql, known);
  }

  delete(sql: string): void {
    this.#known.delete(sql);
  }
}

/** Remembers what was made of the last statements. What fails is not remembered. */
export function remembering<Made extends object>(make: (sql: string) => Promise<Made>): typeof make {
  const last = new LastStatements<Made>();
  return async (sql) => {
    const before = last.get(sql);
    if (before) return before;
    const made = await make(sql);
    last.set(sql, made);
    return made;
  };
}
