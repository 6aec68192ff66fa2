import type { Reader } from "../engine/types.js";
import { isSystemSchema, relationKind, TABLE_KINDS, VIEW_KINDS } from "./objects.js";

/** A table or view as it is listed. */
export interface ListedTable {
  schema: string;
  name: string;
  kind: string;
  comment: string | null;
}

export type TablePosition = readonly [schema: string, name: string];

/** Tables and views by schema and name, without partitions. @param after the last one of the page before */
export const listTables = (reader: Reader, limit: number, after: TablePosition = ["", ""]): Promise<ListedTable[]> =>
  reader.rows<ListedTable>(TABLES, [...after, limit]);

const TABLES = `
  SELECT n.nspname AS schema, c.relname AS name, ${relationKind("c")} AS kind,
    left(obj_description(c.oid, 'pg_class'), 200) AS comment
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN (${TABLE_KINDS}, ${VIEW_KINDS}) AND NOT c.relispartition AND NOT ${isSystemSchema("n.nspname")}
    AND (n.nspname, c.relname) > ($1::name, $2::name)
  ORDER BY n.nspname, c.relname LIMIT $3`;
