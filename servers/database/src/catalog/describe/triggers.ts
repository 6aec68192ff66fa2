import type { Reader } from "../../engine/types.js";

interface Trigger {
  name: string;
  definition: string;
  disabled: boolean;
}

/** Triggers of a table that somebody made; those of foreign keys are left out. */
export const triggersOf = (reader: Reader, relation: number) => reader.rows<Trigger>(TRIGGERS, [relation]);

const TRIGGERS = `
  SELECT t.tgname AS name, substr(pg_get_triggerdef(t.oid), strpos(pg_get_triggerdef(t.oid), quote_ident(t.tgname))
      + length(quote_ident(t.tgname)) + 1) AS definition, t.tgenabled = 'D' AS disabled
  FROM pg_trigger t WHERE t.tgrelid = $1 AND NOT t.tgisinternal ORDER BY 1`;
