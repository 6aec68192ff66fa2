import { lineOf } from "./format.js";
import type { WrittenPage } from "./page-output.js";

/** A page as text: a line of column names, a line for each row, and what it is a page of. */
export function renderPage({ columns, rows, truncated, nextCursor, elapsed_ms, format }: WrittenPage): string {
  const types = columns.map(({ name, type }) => `${name} ${type}`).join(", ");
  const end = [
    `-- ${format}, ${rows.count} ${rows.count === 1 ? "row" : "rows"} in ${elapsed_ms} ms, truncated: ${truncated}`,
    types && `-- types: ${types}`,
    nextCursor && `-- nextCursor: ${nextCursor}`,
  ];
  return [lineOf[format](columns.map(({ name }) => name)) + rows.text, ...end.filter(Boolean)].join("\n");
}
