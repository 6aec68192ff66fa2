import type { Reader } from "../../engine/types.js";
import { estimatedRows } from "../object-detail.js";
import { relationKind } from "../objects.js";
import { MOST_LISTED, withoutEmpty } from "./description.js";

/** Owner, privileges and tables of a schema. */
export async function describeSchema(reader: Reader, oid: number): Promise<Record<string, unknown>> {
  const [facts] = await reader.rows<{ relations: number }>(SCHEMA, [oid]);
  if (!facts) return {};
  const shown = await reader.rows<{ name: string }>(RELATIONS, [oid, MOST_LISTED]);
  const { relations, ...others } = facts;
  const total = relations > shown.length ? relations : undefined;
  return { ...others, relations: shown.map(withoutEmpty), relationsTotal: total };
}

const SCHEMA = `
  SELECT obj_description(n.oid, 'pg_namespace') AS comment, pg_get_userbyid(n.nspowner) AS owner,
    current_user || ': ' || coalesce(nullif(concat_ws(', ', CASE WHEN has_schema_privilege(n.oid, 'USAGE') THEN 'usage' END,
      CASE WHEN has_schema_privilege(n.oid, 'CREATE') THEN 'create' END), ''), 'none') AS privileges,
    (SELECT count(*) FROM pg_proc p WHERE p.pronamespace = n.oid) AS functions,
    (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND NOT c.relispartition
      AND c.relkind IN ('r', 'p', 'f', 'v', 'm')) AS relations
  FROM pg_namespace n WHERE n.oid = $1`;

const RELATIONS = `
  SELECT c.relname AS name, ${relationKind("c")} AS kind, ${estimatedRows("c")} AS rows,
    left(obj_description(c.oid, 'pg_class'), 200) AS comment
  FROM pg_class c
  WHERE c.relnamespace = $1 AND NOT c.relispartition AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
  ORDER BY 1 LIMIT $2`;
