import type { Row } from "../engine/types.js";
import { lineOf, type TextFormat } from "./format.js";
import type { PageOutput } from "./page-output.js";

/** Text of pages that have been read and not yet shown: each row is written once, to weigh it and to show it. */
const written = new WeakMap<readonly Row[], string>();

const FIRST_BYTES = 4096;

/** Writes rows as they arrive; into a buffer, as strings that live until the end of a large page keep the collector busy. */
export class PageLines {
  #buffer = Buffer.allocUnsafe(FIRST_BYTES);
  /** Where each line ends. */
  readonly #ends: number[] = [];
  readonly #lineOf: (row: Row) => string;

  constructor(format: TextFormat) {
    this.#lineOf = lineOf[format];
  }

  /** @returns bytes of the row's line */
  readonly add = (row: Row): number => {
    const line = `\n${this.#lineOf(row)}`;
    const start = this.#ends.at(-1) ?? 0;
    this.#makeRoom(start, line.length * 3); // UTF-8 takes three bytes for a UTF-16 unit at most
    const bytes = this.#buffer.write(line, start);
    this.#ends.push(start + bytes);
    return bytes;
  };

  /** Keeps the lines for {@link renderPage}. @param rows those that came to be on the page, which are the first */
  keepFor(rows: readonly Row[]): void {
    written.set(rows, this.#buffer.toString("utf8", 0, this.#ends[rows.length - 1] ?? 0));
  }

  #makeRoom(used: number, wanted: number): void {
    if (used + wanted <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(2 * (used + wanted));
    this.#buffer.copy(larger, 0, 0, used);
    this.#buffer = larger;
  }
}

/** A page as text: a line of column names, a line for each row, and what it is a page of. */
export function renderPage({ columns, rows, truncated, nextCursor, elapsed_ms, format }: PageOutput): string {
  const line = lineOf[format];
  const body = written.get(rows) ?? rows.map((row) => `\n${line(row)}`).join("");
  const types = columns.map(({ name, type }) => `${name} ${type}`).join(", ");
  const end = [
    `-- ${format}, ${rows.length} ${rows.length === 1 ? "row" : "rows"} in ${elapsed_ms} ms, truncated: ${truncated}`,
    types && `-- types: ${types}`,
    nextCursor && `-- nextCursor: ${nextCursor}`,
  ];
  return [line(columns.map(({ name }) => name)) + body, ...end.filter(Boolean)].join("\n");
}
