import { ToolError } from "@mcp-reference/validation";
import type { Reader } from "../../engine/types.js";

/** pg_stat_statements in one database: its columns carry other names in other versions. */
export interface StatementsView {
  /** Quoted schema of the extension. */
  schema: string;
  columns: ReadonlySet<string>;
}

/**
 * Finds pg_stat_statements, in whichever schema it was made.
 * @throws ToolError UNSUPPORTED with the steps when the extension is not there, PERMISSION_DENIED when its schema is closed
 */
export async function findStatementsView(session: Reader): Promise<StatementsView> {
  const [found] = await session.rows<{ schema: string; usable: boolean; columns: string[] }>(
    `SELECT quote_ident(n.nspname) AS schema, has_schema_privilege(n.oid, 'USAGE') AS usable,
       (SELECT array_agg(a.attname::text) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = n.oid AND c.relname = 'pg_stat_statements') AS columns
     FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'`,
  );
  if (found === undefined) {
    throw new ToolError("UNSUPPORTED", "pg_stat_statements is not installed in this database", {
      hint: "As superuser: shared_preload_libraries = 'pg_stat_statements' in postgresql.conf, restart, CREATE EXTENSION pg_stat_statements",
    });
  }
  if (!found.usable) {
    throw new ToolError("PERMISSION_DENIED", `this role may not use schema ${found.schema} of pg_stat_statements`, {
      hint: `GRANT USAGE ON SCHEMA ${found.schema} TO the role`,
    });
  }
  return { schema: found.schema, columns: new Set(found.columns) };
}

/** The error that PostgreSQL gives when the extension exists but its library was not loaded at the start. */
export function explainNotLoaded(error: unknown): unknown {
  if (!(error instanceof Error) || !error.message.includes("shared_preload_libraries")) return error;
  return new ToolError("UNAVAILABLE", "pg_stat_statements is installed but not loaded", {
    hint: "Add it to shared_preload_libraries in postgresql.conf and restart PostgreSQL",
  });
}
