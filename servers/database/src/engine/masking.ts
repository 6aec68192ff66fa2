import type { MaskedColumn } from "../sql/gate.js";
import { maskCell } from "../sql/masks.js";
import type { Row } from "./types.js";
import type { Field } from "./wire.js";

/** Hides the values of masked columns, which a result tells by the table and column each field comes from. */
export function applyMasks(masked: readonly MaskedColumn[], fields: readonly Field[]): (row: Row) => Row {
  const shows = fields.map(
    ({ tableID, columnID }) => masked.find(({ relation, column }) => relation === tableID && column === columnID)?.show,
  );
  if (shows.every((show) => show === undefined)) return (row) => row;
  return (row) =>
    row.map((cell, index) => {
      const show = shows[index];
      return show === undefined ? cell : maskCell(cell, show);
    });
}
