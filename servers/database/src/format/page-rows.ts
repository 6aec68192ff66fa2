import { JsonList } from "@mcp-reference/runtime";
import type { Row } from "../engine/types.js";
import { lineOf, type TextFormat } from "./format.js";

/** The rows of a page as JSON and as text. */
export class PageRows extends JsonList {
  constructor(
    json: readonly string[],
    /** A line each, every one after a line end. */
    readonly text: string,
    readonly count: number,
  ) {
    super(json);
  }
}

/** Rows that are put together at a time. */
const BATCH = 500;
/** What JSON cannot have in a string as it is. */
const ESCAPED = /["\\\p{Cc}]/u;

/**
 * Writes rows as they arrive, so that none of a million values outlives its row: what survives until the end of a large page
 * keeps the collector busy.
 */
export class PageWriter {
  readonly #text: string[] = [];
  readonly #json: string[] = [];
  #lines: string[] = [];
  #arrays: string[] = [];
  #line = "";
  #count = 0;
  readonly #lineOf: (row: Row) => string;

  constructor(format: TextFormat) {
    this.#lineOf = lineOf[format];
  }

  /** @returns bytes of the row's line */
  readonly weigh = (row: Row): number => {
    this.#line = this.#lineOf(row);
    return 1 + Buffer.byteLength(this.#line);
  };

  /** Puts the row on the page that was weighed last. */
  readonly keep = (row: Row): void => {
    this.#lines.push("\n", this.#line);
    this.#arrays.push(jsonOf(row, this.#line));
    this.#count += 1;
    if (this.#arrays.length === BATCH) this.#join();
  };

  /** Every row that was kept. */
  rows(): PageRows {
    if (this.#arrays.length > 0) this.#join();
    return new PageRows(this.#json, this.#text.join(""), this.#count);
  }

  #join(): void {
    this.#text.push(this.#lines.join(""));
    this.#json.push(this.#arrays.join(","));
    this.#lines = [];
    this.#arrays = [];
  }
}

/** As JSON.stringify, which is slower where nothing needs an escape; the line tells, for every value is in it. */
const jsonOf = (row: Row, line: string) =>
  row.length === 0 || row.includes(null) || ESCAPED.test(line) ? JSON.stringify(row) : `["${row.join('","')}"]`;
