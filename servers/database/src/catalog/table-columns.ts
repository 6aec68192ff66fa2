import { quoteIdentifier } from "../engine/quote-identifier.js";
import type { Reader } from "../engine/types.js";
import { parseObjectName } from "./identifiers.js";
import { resolveObject } from "./resolve-object.js";

/** A column as the PostgreSQL reference server shows it. */
export interface PlainColumn {
  column_name: string;
  data_type: string;
}

/**
 * Columns of a table or view.
 * @param written as SQL writes it; where several schemas have the name, the one in public is meant
 * @throws ToolError as {@link resolveObject}
 */
export async function tableColumns(reader: Reader, written: string): Promise<PlainColumn[]> {
  const { path, args } = parseObjectName(written);
  const inPublic = path.length === 1 && args === undefined ? await publicTable(reader, path[0]?.text ?? "") : undefined;
  const oid = inPublic ?? (await resolveObject(reader, written, ["table", "view"])).objoid;
  return reader.rows<PlainColumn>(COLUMNS, [oid]);
}

async function publicTable(reader: Reader, name: string): Promise<number | undefined> {
  const [found] = await reader.rows<{ oid: number | null }>("SELECT to_regclass($1)::oid AS oid", [
    `public.${quoteIdentifier(name)}`,
  ]);
  return found?.oid ?? undefined;
}

const COLUMNS = `
  SELECT attname AS column_name, format_type(atttypid, atttypmod) AS data_type
  FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;
