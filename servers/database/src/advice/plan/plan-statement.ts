import { ToolError } from "@mcp-reference/validation";
import { toParameters } from "../../engine/parameters.js";
import type { Reader } from "../../engine/types.js";
import { inUserPath } from "../scratch.js";
import type { Plan } from "./plan-node.js";

export interface PlanOptions {
  /** Values of `$1`, `$2`, …; undefined plans for any values at all (a generic plan). */
  params?: readonly unknown[] | undefined;
  /** Runs the statement. */
  analyze?: boolean | undefined;
}

/**
 * PostgreSQL's plan of a checked statement. It goes through PREPARE and EXPLAIN EXECUTE, because that can plan `$n`
 * without values on every version (GENERIC_PLAN starts at 16), and because a failure leaves the session usable.
 * @param parameters how many `$n` the statement has
 * @throws ToolError what the server says about the statement; INVALID_ARGUMENT when params do not fit it
 */
export async function planStatement(
  session: Reader,
  sql: string,
  parameters: number,
  { params, analyze = false }: PlanOptions = {},
): Promise<Plan> {
  const options = ["FORMAT JSON", "VERBOSE", ...(analyze ? ["ANALYZE", "BUFFERS"] : [])].join(", ");
  let prepared = false;
  try {
    return await inUserPath(session, async () => {
      const mode = params === undefined && parameters > 0 ? "force_generic_plan" : "force_custom_plan";
      await session.rows(`SELECT pg_catalog.set_config('plan_cache_mode', '${mode}', true)`);
      await session.rows(`PREPARE advised AS ${sql}`);
      prepared = true;
      const values = params ? await literals(session, params) : Array.from({ length: parameters }, () => "NULL");
      const call = values.length === 0 ? "advised" : `advised(${values.join(", ")})`;
      const rows = await session.rows<{ "QUERY PLAN": Plan[] }>(`EXPLAIN (${options}) EXECUTE ${call}`);
      const plan = rows[0]?.["QUERY PLAN"][0];
      if (plan === undefined) throw new ToolError("UPSTREAM", "the server gave no plan");
      return plan;
    });
  } finally {
    // It would outlive the transaction, and through a pooler in transaction mode meet other clients.
    if (prepared) await session.rows("DEALLOCATE advised").catch(() => undefined);
  }
}

/** Values as literals, which take on the types of the parameters: EXECUTE itself takes none. */
async function literals(session: Reader, params: readonly unknown[]): Promise<string[]> {
  const [statement] = await session.rows<{ types: number[] }>(
    `SELECT parameter_types::pg_catalog.oid[] AS types FROM pg_catalog.pg_prepared_statements
     WHERE name OPERATOR(pg_catalog.=) 'advised'`,
  );
  return toParameters(params, statement?.types ?? []).map((text) =>
    text === null ? "NULL" : `'${text.replaceAll("'", "''")}'`,
  );
}
