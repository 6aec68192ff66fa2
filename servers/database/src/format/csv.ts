import type { Cell, Row } from "../engine/types.js";

const csvCell = (cell: Cell) => {
  if (cell === null) return "";
  return cell === "" || /[",\n\r]/.test(cell) ? quoted(cell) : cell;
};

/** In double quotes, those inside doubled. */
export const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

/** RFC 4180 as PostgreSQL's COPY writes it: NULL is nothing, an empty string is `""`. */
export const csvLine = (row: Row) => row.map(csvCell).join(",");
