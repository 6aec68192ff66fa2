import type { Cell, Row } from "../engine/types.js";

const csvCell = (cell: Cell) => {
  if (cell === null) return "";
  return cell === "" || /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
};

/** RFC 4180 as PostgreSQL's COPY writes it: NULL is nothing, an empty string is `""`. */
export const csvLine = (row: Row) => row.map(csvCell).join(",");
