const MOST = 64;
/** Characters; what is made of a statement is some fifty times as large. */
const LONGEST = 2000;

/**
 * Remembers what was made of the last statements, by their text: they come again, with other values, to be explained, or to see
 * whether something has changed. What fails is not remembered.
 */
export function remembering<Made extends object>(make: (sql: string) => Promise<Made>): typeof make {
  const known = new Map<string, Made>();
  return async (sql) => {
    const before = known.get(sql);
    if (before) return before;
    const made = await make(sql);
    const [oldest] = known.keys();
    if (known.size >= MOST && oldest !== undefined) known.delete(oldest);
    if (sql.length <= LONGEST) known.set(sql, made);
    return made;
  };
}
