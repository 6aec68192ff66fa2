import type { Reader } from "../../engine/types.js";
import { listed } from "./description.js";

interface Constraint {
  /** The table that a foreign key comes from, where it leads here. */
  from: string | null;
  name: string;
  definition: string;
  place: number;
}

/** Keys, foreign keys, exclusions and checks of a table, and the foreign keys of others that lead to it. */
export async function constraintsOf(reader: Reader, relation: number): Promise<Record<string, unknown>> {
  const found = await reader.rows<Constraint>(CONSTRAINTS, [relation]);
  const rows = found.map(({ place: _, ...shown }) => shown);
  return {
    ...listed(
      "constraints",
      rows.filter(({ from }) => from === null),
    ),
    ...listed(
      "referencedBy",
      rows.filter(({ from }) => from !== null),
    ),
  };
}

/**
 * A foreign key to a partitioned table has a copy for each partition that it leads to, and one of a partitioned table has
 * one in each partition: copies whose original is shown are left out. A foreign key to oneself is shown both ways.
 * NOT NULL, a constraint since PostgreSQL 18, is shown with its column.
 */
const CONSTRAINTS = `
  SELECT NULL AS from, c.conname AS name, pg_get_constraintdef(c.oid, true) AS definition,
    strpos('pufxc', c.contype::text) AS place
  FROM pg_constraint c
  WHERE c.conrelid = $1 AND c.contype IN ('p', 'u', 'f', 'x', 'c')
    AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.oid = c.conparentid AND o.conrelid = c.conrelid)
  UNION ALL
  SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid, true), 0
  FROM pg_constraint c
  WHERE c.confrelid = $1 AND c.contype = 'f' AND c.conparentid = 0
  ORDER BY 4, 1, 2`;
