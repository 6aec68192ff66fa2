import type { Cell, Row } from "../engine/types.js";
import { quoted } from "./csv.js";

const QUOTES_OR_LINES = /["\n\r]/;
const SPACE = 32;

/** Cannot be misread between ` | `, as far as that is told without a look at every character. */
const isPlain = (cell: string) =>
  cell !== "" &&
  cell !== "NULL" &&
  cell.charCodeAt(0) > SPACE &&
  cell.charCodeAt(cell.length - 1) > SPACE &&
  !cell.includes("|");

const tableCell = (cell: Cell) => {
  if (cell === null) return "NULL";
  return isPlain(cell) && !QUOTES_OR_LINES.test(cell) ? cell : quoted(cell);
};

/**
 * `1 | Ada | NULL`; a value that would read as NULL, as nothing or as more than one is quoted as in CSV.
 * A result may have a million cells: where nothing is special, a row is looked through once.
 */
export function tableLine(row: Row): string {
  if (row.every((cell) => cell !== null && isPlain(cell))) {
    const line = row.join(" | ");
    if (!QUOTES_OR_LINES.test(line)) return line;
  }
  return row.map(tableCell).join(" | ");
}
