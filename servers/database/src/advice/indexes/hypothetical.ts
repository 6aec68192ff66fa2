import { ToolError } from "@mcp-reference/validation";
import type { Reader } from "../../engine/types.js";
import { inUserPath } from "../scratch.js";

/** An index that only the planner sees. */
export interface HypotheticalIndex {
  oid: number;
  name: string;
  /** Bytes, estimated by HypoPG. */
  size: number;
}

/** HypoPG in one session; undefined from {@link openHypopg} where it is not installed. */
export interface Hypopg {
  /** @throws ToolError INVALID_ARGUMENT with what the server says of the statement */
  create(sql: string): Promise<HypotheticalIndex>;
  drop(index: HypotheticalIndex): Promise<void>;
}

/**
 * Runs `work` with HypoPG, and takes away all its indexes afterwards: they know no transaction and survive DISCARD ALL.
 * `work` gets undefined where HypoPG is not installed in this database or this role may not use it.
 */
export async function withHypopg<T>(session: Reader, work: (hypopg: Hypopg | undefined) => Promise<T>): Promise<T> {
  const schema = await hypopgSchema(session);
  if (schema === undefined) return work(undefined);
  try {
    return await work({
      async create(sql) {
        const [index] = await inUserPath(session, () =>
          session.rows<HypotheticalIndex>(
            `SELECT indexrelid AS oid, indexname AS name, ${schema}.hypopg_relation_size(indexrelid) AS size
             FROM ${schema}.hypopg_create_index($1)`,
            [sql],
          ),
        ).catch((error: Error) => {
          if (error instanceof ToolError && error.code === "CANCELLED") throw error;
          throw new ToolError("INVALID_ARGUMENT", `HypoPG cannot make ${JSON.stringify(sql)}: ${error.message}`);
        });
        if (index === undefined) throw new ToolError("UPSTREAM", "HypoPG made no index");
        return index;
      },
      async drop({ oid }) {
        await session.rows(`SELECT ${schema}.hypopg_drop_index($1)`, [oid]);
      },
    });
  } finally {
    // Fails only on a connection that is lost, and the indexes with it.
    await session.rows(`SELECT ${schema}.hypopg_reset()`).catch(() => undefined);
  }
}

async function hypopgSchema(session: Reader): Promise<string | undefined> {
  const [found] = await session.rows<{ schema: string }>(
    `SELECT quote_ident(n.nspname) AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
     WHERE e.extname = 'hypopg' AND has_schema_privilege(n.oid, 'USAGE')`,
  );
  return found?.schema;
}

export const WITHOUT_HYPOPG =
  "HypoPG is not installed here, so nothing was tried: this is this server's own cost model over pg_stats, and only rough. For PostgreSQL's own answer install the hypopg package and run CREATE EXTENSION hypopg";
