/** What is known of an object, without what is empty; which members there are depends on its kind. */
export interface Description {
  kind: string;
  /** Qualified and quoted as SQL wants it. */
  name: string;
  [fact: string]: unknown;
}

/** At most these many of each list are shown; how many there are is said beside it. */
export const MOST_LISTED = 100;

/** Leaves out what says nothing: null, undefined, false, "", and lists and objects without members. */
export function withoutEmpty<T extends object>(facts: T): Partial<T> {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => !isEmpty(fact))) as Partial<T>;
}

const isEmpty = (fact: unknown) =>
  fact === null ||
  fact === undefined ||
  fact === false ||
  fact === "" ||
  (typeof fact === "object" && Object.keys(fact).length === 0);

/** A list under its name, cut to {@link MOST_LISTED}, with the number of all of them where that is more. */
export function listed<T extends object>(name: string, rows: readonly T[]): Record<string, unknown> {
  const shown = rows.slice(0, MOST_LISTED).map(withoutEmpty);
  return rows.length > shown.length ? { [name]: shown, [`${name}Total`]: rows.length } : { [name]: shown };
}

/** A long text, cut with a mark that says how long it was. @param most characters */
export function cut(text: string | null, most: number): string | null {
  if (text === null || text.length <= most) return text;
  const whole = text.slice(0, most).replace(/[\uD800-\uDBFF]$/, ""); // no half of a surrogate pair
  return `${whole}… (${text.length} characters)`;
}
