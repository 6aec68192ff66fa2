import type { Cell } from "../engine/types.js";

export type Show = "hidden" | "last4";

/** A column that is never shown; `*` stands for any schema, table or column. */
export interface MaskRule {
  schema: string;
  table: string;
  column: string;
  show: Show;
}

/** A column of the result whose values the engine replaces; RowDescription names it so. */
export interface MaskedColumn {
  /** pg_class oid: RowDescription's tableID. */
  relation: number;
  /** attnum: RowDescription's columnID. */
  column: number;
  show: Show;
}

/**
 * Reads `schema.table.column` with `=hidden` or `=last4`; the configuration has checked its form.
 * Names are the catalog's own, so case counts.
 */
export function parseMask(rule: string): MaskRule {
  const [name = "", show] = rule.split("=");
  const [schema = "", table = "", column = ""] = name.split(".");
  return { schema, table, column, show: show === "last4" ? "last4" : "hidden" };
}

/** What stands in for a masked value. NULL stays NULL: it says only that nothing is there. */
export function maskCell(cell: Cell, show: Show): Cell {
  if (cell === null) return null;
  const characters = Array.from(cell);
  // Four of six characters would be no secret any more.
  return show === "last4" && characters.length >= 8 ? `****${characters.slice(-4).join("")}` : "****";
}
