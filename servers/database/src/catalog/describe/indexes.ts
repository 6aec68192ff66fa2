import type { Reader } from "../../engine/types.js";

export interface IndexFacts {
  name: string;
  /** From the access method on: `btree (lower(email)) WHERE …`. */
  definition: string;
  primary: boolean;
  unique: boolean;
  /** Not to be used: its build failed or goes on. */
  invalid: boolean;
  /** A partitioned index has none of its own. */
  bytes: number | null;
  /** Since statistics were reset. */
  scans: number | null;
}

interface IndexRow extends IndexFacts {
  head: string;
}

/** Indexes of a table, or one index. */
export async function indexesOf(reader: Reader, of: { table: number } | { index: number }): Promise<IndexFacts[]> {
  const [column, id] = "table" in of ? ["indrelid", of.table] : ["indexrelid", of.index];
  const rows = await reader.rows<IndexRow>(`${INDEXES} WHERE i.${column} = $1 ORDER BY i.indisprimary DESC, name`, [
    id,
  ]);
  return rows.map(({ head, ...facts }) => ({ ...facts, definition: withoutHead(facts.definition, head) }));
}

/** The name and the table are said elsewhere. */
function withoutHead(definition: string, head: string): string {
  const start = definition.indexOf(head);
  return start < 0 ? definition : definition.slice(start + head.length);
}

const INDEXES = `
  SELECT c.oid::regclass::text AS name, pg_get_indexdef(c.oid) AS definition,
    i.indrelid::regclass || ' USING ' AS head,
    i.indisprimary AS primary, i.indisunique AS unique, NOT (i.indisvalid AND i.indisready) AS invalid,
    CASE WHEN c.relkind = 'i' THEN pg_relation_size(c.oid) END AS bytes,
    CASE WHEN c.relkind = 'i' THEN pg_stat_get_numscans(c.oid) END AS scans
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid`;
