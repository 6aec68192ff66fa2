import type { Reader } from "../engine/types.js";
import { refusesNull } from "./object-detail.js";
import { relationKind, TABLE_KINDS, VIEW_KINDS } from "./objects.js";

export interface TableColumns {
  name: string;
  kind: string;
  comment?: string;
  columns: { name: string; type: string; notNull?: true; comment?: string }[];
}

/**
 * Tables and views of a schema with their columns. Defaults are left out: to print one is to lock its table.
 * @returns undefined when there is no such schema
 */
export async function schemaTables(reader: Reader, schema: string): Promise<TableColumns[] | undefined> {
  const [found] = await reader.rows<{ tables: TableColumns[] | null }>(TABLES, [schema]);
  return found && (found.tables ?? []);
}

const COLUMN = `json_strip_nulls(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
  'notNull', CASE WHEN ${refusesNull("a")} THEN true END, 'comment', col_description(c.oid, a.attnum)))`;

const COLUMNS = `(SELECT coalesce(json_agg(${COLUMN} ORDER BY a.attnum), '[]')
  FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

const TABLES = `
  SELECT (SELECT json_agg(json_strip_nulls(json_build_object('name', c.relname, 'kind', ${relationKind("c")},
      'comment', obj_description(c.oid, 'pg_class'), 'columns', ${COLUMNS})) ORDER BY c.relname)
    FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN (${TABLE_KINDS}, ${VIEW_KINDS}) AND NOT c.relispartition)
    AS tables
  FROM pg_namespace n WHERE n.nspname = $1`;
