import type { Row } from "../engine/types.js";
import { lineOf, type TextFormat } from "./format.js";
import type { PageOutput } from "./page-output.js";

/** Lines of pages that have been written but not yet shown: each row is written once, to weigh it and to show it. */
const written = new WeakMap<readonly Row[], readonly string[]>();

/** Writes rows as they arrive. */
export class PageLines {
  readonly #lines: string[] = [];
  readonly #lineOf: (row: Row) => string;

  constructor(format: TextFormat) {
    this.#lineOf = lineOf[format];
  }

  /** @returns bytes of the row's line */
  readonly add = (row: Row): number => {
    const line = this.#lineOf(row);
    this.#lines.push(line);
    return Buffer.byteLength(line) + 1;
  };

  /** Keeps the lines for {@link renderPage}. @param rows those that came to be on the page, which are the first */
  keepFor(rows: readonly Row[]): void {
    written.set(rows, this.#lines.slice(0, rows.length));
  }
}

/** A page as text: a line of column names, a line for each row, and what it is a page of. */
export function renderPage({ columns, rows, truncated, nextCursor, elapsed_ms, format }: PageOutput): string {
  const line = lineOf[format];
  const types = columns.map(({ name, type }) => `${name} ${type}`).join(", ");
  const end = [
    `-- ${format}, ${rows.length} ${rows.length === 1 ? "row" : "rows"} in ${elapsed_ms} ms, truncated: ${truncated}`,
    types && `-- types: ${types}`,
    nextCursor && `-- nextCursor: ${nextCursor}`,
  ];
  return [line(columns.map(({ name }) => name)), ...(written.get(rows) ?? rows.map(line)), ...end.filter(Boolean)].join(
    "\n",
  );
}
