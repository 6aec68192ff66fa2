import * as z from "zod";
import type { Row } from "../engine/types.js";
import { csvLine } from "./csv.js";
import { tableLine } from "./table.js";

export const textFormat = z.enum(["table", "csv", "json"]);

export type TextFormat = z.output<typeof textFormat>;

/** How each format writes a row: one line, but for line ends inside values of table and CSV. */
export const lineOf: Record<TextFormat, (row: Row) => string> = {
  table: tableLine,
  csv: csvLine,
  json: (row) => JSON.stringify(row),
};
