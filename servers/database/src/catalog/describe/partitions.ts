import type { Reader } from "../../engine/types.js";
import { MOST_LISTED } from "./description.js";

interface Relative {
  name: string;
  bounds: string | null;
}

/** What a table is divided into and a part of, and what it inherits from. */
export async function familyOf(
  reader: Reader,
  table: { oid: number; partitioned: boolean; partition: boolean },
): Promise<Record<string, unknown>> {
  const [own] = await reader.rows<{ key: string | null; bounds: string | null; children: number }>(OWN, [table.oid]);
  const parents = await reader.rows<{ name: string }>(PARENTS, [table.oid]);
  const children = await reader.rows<Relative>(CHILDREN, [table.oid, MOST_LISTED]);
  const total = own && own.children > children.length ? own.children : undefined;
  return {
    partitionKey: own?.key,
    [table.partition ? "partitionOf" : "inherits"]: parents.map(({ name }) => name),
    bounds: own?.bounds,
    [table.partitioned ? "partitions" : "inheritedBy"]: table.partitioned ? children : children.map(({ name }) => name),
    [table.partitioned ? "partitionsTotal" : "inheritedByTotal"]: total,
  };
}

const OWN = `
  SELECT CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS key, pg_get_expr(c.relpartbound, c.oid) AS bounds,
    (SELECT count(*) FROM pg_inherits i WHERE i.inhparent = c.oid) AS children
  FROM pg_class c WHERE c.oid = $1`;

const PARENTS = `
  SELECT i.inhparent::regclass::text AS name FROM pg_inherits i WHERE i.inhrelid = $1 ORDER BY i.inhseqno`;

const CHILDREN = `
  SELECT c.oid::regclass::text AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = $1 ORDER BY 1 LIMIT $2`;
