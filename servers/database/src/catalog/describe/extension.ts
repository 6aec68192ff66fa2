import type { Reader } from "../../engine/types.js";

/** Version of an extension, and what it would be after an update. */
export async function describeExtension(reader: Reader, oid: number): Promise<Record<string, unknown>> {
  const [facts] = await reader.rows<Record<string, unknown>>(EXTENSION, [oid]);
  return facts ?? {};
}

const EXTENSION = `
  SELECT obj_description(x.oid, 'pg_extension') AS comment, x.extversion AS version,
    (SELECT nullif(a.default_version, x.extversion) FROM pg_available_extensions a WHERE a.name = x.extname)
      AS "newerVersion",
    quote_ident(n.nspname) AS schema, pg_get_userbyid(x.extowner) AS owner,
    (SELECT count(*) FROM pg_depend d WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid
      AND d.deptype = 'e') AS objects
  FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.oid = $1`;
