import type { Reader } from "../engine/types.js";
import { isSystemSchema } from "./objects.js";

/** A foreign key. */
export interface Relationship {
  name: string;
  /** Qualified and quoted, as {@link Relationship.to}. */
  from: string;
  columns: string[];
  to: string;
  references: string[];
  onUpdate?: string;
  onDelete?: string;
}

/**
 * Foreign keys of a database, those of partitions left out where the partitioned table has them.
 * @param most as many are returned; `more` says whether there are others
 */
export async function relationships(
  reader: Reader,
  most: number,
): Promise<{ relationships: Relationship[]; more: boolean }> {
  const rows = await reader.rows<Relationship & { onUpdate: string | null; onDelete: string | null }>(FOREIGN_KEYS, [
    most + 1,
  ]);
  return {
    relationships: rows.slice(0, most).map(({ onUpdate, onDelete, ...edge }) => ({
      ...edge,
      ...(onUpdate && { onUpdate }),
      ...(onDelete && { onDelete }),
    })),
    more: rows.length > most,
  };
}

const action = (code: string) =>
  `CASE ${code} WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' END`;

const namesOf = (relation: string, numbers: string) =>
  `(SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(${numbers}) WITH ORDINALITY AS k(number, place)
    JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number)`;

const FOREIGN_KEYS = `
  SELECT c.conname AS name, c.conrelid::regclass::text AS from, ${namesOf("c.conrelid", "c.conkey")} AS columns,
    c.confrelid::regclass::text AS to, ${namesOf("c.confrelid", "c.confkey")} AS references,
    ${action("c.confupdtype")} AS "onUpdate", ${action("c.confdeltype")} AS "onDelete"
  FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
  WHERE c.contype = 'f' AND c.conparentid = 0 AND NOT ${isSystemSchema("n.nspname")}
  ORDER BY 2, 1 LIMIT $1`;
