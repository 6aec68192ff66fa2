import type { Reader } from "../../engine/types.js";

interface Privileges {
  role: string;
  usage: boolean;
  granted: string | null;
  /** Columns that may be selected although the table may not. */
  columns: string | null;
}

/** What the current role may do with a relation, in words. */
export async function privilegesOn(reader: Reader, relation: number): Promise<string> {
  const [found] = await reader.rows<Privileges>(PRIVILEGES, [relation]);
  if (!found) return "none";
  const { role, usage, granted, columns } = found;
  const rights = [granted, columns && `select of ${columns}`].filter(Boolean).join(", ") || "none";
  return `${role}: ${rights}${usage ? "" : " (no usage of the schema, so nothing can be used)"}`;
}

const PRIVILEGES = `
  SELECT current_user AS role, has_schema_privilege(c.relnamespace, 'USAGE') AS usage,
    (SELECT string_agg(lower(privilege), ', ' ORDER BY place)
      FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) WITH ORDINALITY AS p(privilege, place)
      WHERE has_table_privilege(c.oid, privilege)) AS granted,
    CASE WHEN NOT has_table_privilege(c.oid, 'SELECT') THEN
      (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, 'SELECT')) END
      AS columns
  FROM pg_class c WHERE c.oid = $1`;
