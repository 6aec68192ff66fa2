import type { Reader } from "../engine/types.js";
import { estimatedRows } from "./object-detail.js";
import { isSystemSchema, relationKind } from "./objects.js";

export interface LargeTable {
  /** Qualified and quoted. */
  name: string;
  kind: string;
  /** Estimate of the last vacuum or analyze, as `bytes`; a partitioned table has those of all its partitions. */
  rows: number | null;
  bytes: number;
  comment: string | null;
}

/** The largest tables and materialized views by statistics: no file is looked at and no lock taken. */
export const largestTables = (reader: Reader, most: number): Promise<LargeTable[]> =>
  reader.rows<LargeTable>(LARGEST, [most]);

const LARGEST = `
  WITH RECURSIVE parts AS (
    SELECT c.oid AS root, c.oid AS part FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition AND NOT ${isSystemSchema("n.nspname")}
    UNION ALL
    SELECT parts.root, i.inhrelid FROM parts JOIN pg_inherits i ON i.inhparent = parts.part
      JOIN pg_class p ON p.oid = i.inhparent AND p.relkind = 'p'
  ), sizes AS (
    SELECT parts.root, sum(p.relpages)::int8 AS pages,
      (sum(${estimatedRows("p")}) FILTER (WHERE p.relkind <> 'p'))::int8 AS rows
    FROM parts JOIN pg_class p ON p.oid = parts.part GROUP BY 1
  )
  SELECT c.oid::regclass::text AS name, ${relationKind("c")} AS kind, s.rows,
    greatest(s.pages, 0) * current_setting('block_size')::int8 AS bytes,
    left(obj_description(c.oid, 'pg_class'), 200) AS comment
  FROM sizes s JOIN pg_class c ON c.oid = s.root
  ORDER BY s.pages DESC, 1 LIMIT $1`;
