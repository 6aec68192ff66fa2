import type { Reader } from "../engine/types.js";
import { isSystemSchema, TABLE_KINDS, VIEW_KINDS } from "./objects.js";

export interface SchemaSummary {
  schema: string;
  comment: string | null;
  /** Tables and views, without partitions. */
  tables: string[];
}

/** Schemas of a database and what is in them; the system's are left out. */
export const listSchemas = (reader: Reader): Promise<SchemaSummary[]> => reader.rows<SchemaSummary>(SCHEMAS);

const SCHEMAS = `
  SELECT n.nspname AS schema, obj_description(n.oid, 'pg_namespace') AS comment,
    ARRAY(SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = n.oid AND NOT c.relispartition
      AND c.relkind IN (${TABLE_KINDS}, ${VIEW_KINDS}) ORDER BY 1) AS tables
  FROM pg_namespace n WHERE NOT ${isSystemSchema("n.nspname")} ORDER BY 1`;
