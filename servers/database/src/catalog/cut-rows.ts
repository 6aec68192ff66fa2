import type { Row } from "../engine/types.js";
import { cut } from "./describe/description.js";
import { fitting } from "./fitting.js";

/** Characters of a value: enough to see what it is. */
const LONGEST_VALUE = 200;

/** Rows with their long values cut, as many as fit into `maxBytes`. */
export const cutRows = (rows: readonly Row[], maxBytes: number): Row[] =>
  fitting(
    rows.map((row) => row.map((cell) => cut(cell, LONGEST_VALUE))),
    maxBytes,
    (row) => Buffer.byteLength(row.join("   ")),
  );
