import type { Reader } from "../../engine/types.js";

interface Sizes {
  total: number;
  table: number;
  indexes: number;
  toast: number;
  rows: number | null;
}

/** Bytes on disk and estimated rows of a table with all its partitions; nothing for what has no storage. */
export async function sizesOf(
  reader: Reader,
  relation: number,
): Promise<{ rows?: number | null; bytes?: Omit<Sizes, "rows"> }> {
  const [found] = await reader.rows<Sizes>(SIZES, [relation]);
  if (!found) return {};
  const { rows, ...bytes } = found;
  return { rows, bytes };
}

const SIZES = `
  WITH RECURSIVE parts AS (
    SELECT c.oid FROM pg_class c WHERE c.oid = $1
    UNION ALL
    SELECT i.inhrelid FROM parts JOIN pg_class c ON c.oid = parts.oid AND c.relkind = 'p'
      JOIN pg_inherits i ON i.inhparent = c.oid
  ), stored AS (
    SELECT c.oid, c.reltoastrelid, c.reltuples, c.relpages,
      pg_table_size(c.oid) AS bytes, pg_indexes_size(c.oid) AS indexes,
      CASE WHEN c.reltoastrelid = 0 THEN 0 ELSE pg_total_relation_size(c.reltoastrelid) END AS toast
    FROM parts JOIN pg_class c USING (oid) WHERE c.relkind IN ('r', 'm')
  )
  SELECT sum(bytes + indexes) AS total, sum(bytes - toast) AS table, sum(indexes) AS indexes, sum(toast) AS toast,
    CASE WHEN bool_or(reltuples < 0) THEN NULL ELSE sum(reltuples)::int8 END AS rows
  FROM stored HAVING count(*) > 0`;
