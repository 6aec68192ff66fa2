import type { Reader } from "../../engine/types.js";
import { explainNotLoaded, findStatementsView, type StatementsView } from "./statements-view.js";

export const orders = ["total_time", "mean_time", "calls", "rows", "io"] as const;
export type Order = (typeof orders)[number];

/** One normalised statement and what it cost since the statistics began. */
export interface TopQuery {
  /** As pg_stat_statements has it, with `$1` for constants. */
  query: string;
  calls: number;
  /** Milliseconds of execution, in all. */
  total: number;
  mean: number;
  rows: number;
  /** Blocks found in shared_buffers, read from the system, and written to temporary files. */
  hit: number;
  read: number;
  temp: number;
  /** Of the total time of this database's statements, 0 to 1. */
  share: number;
}

export interface TopQueries {
  queries: TopQuery[];
  /** Since when is counted, ISO; undefined before pg_stat_statements 1.9. */
  since: string | undefined;
  /** Statements whose text this role may not see. */
  hidden: number;
}

/**
 * The statements of this database that cost most. This server's own are among them.
 * @throws ToolError UNSUPPORTED or UNAVAILABLE where pg_stat_statements is not there, with the steps
 */
export async function topQueries(session: Reader, order: Order, limit: number): Promise<TopQueries> {
  const view = await findStatementsView(session);
  try {
    const queries = await session.rows<TopQuery>(topSql(view, order), [limit]);
    const [hidden] = await session.rows<{ statements: number }>(
      `SELECT count(*) AS statements FROM ${view.schema}.pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
       WHERE d.datname = current_database() AND s.query = '<insufficient privilege>'`,
    );
    return { queries, since: await since(session, view), hidden: hidden?.statements ?? 0 };
  } catch (error) {
    throw explainNotLoaded(error);
  }
}

function topSql({ schema, columns }: StatementsView, order: Order): string {
  // Named so up to PostgreSQL 12, whose extension may still be there after pg_upgrade.
  const time = columns.has("total_exec_time") ? "total_exec_time" : "total_time";
  const sort: Record<Order, string> = {
    total_time: "total",
    mean_time: "mean",
    calls: "calls",
    rows: "rows",
    io: "read + temp",
  };
  // One statement has a row for each user, and from 14 on one for calls inside functions.
  return `
WITH statements AS (
  SELECT min(s.query) AS query, sum(s.calls)::float8 AS calls, sum(s.${time})::float8 AS total, sum(s.rows)::float8 AS rows,
    sum(s.${time})::float8 / greatest(sum(s.calls), 1)::float8 AS mean, sum(s.shared_blks_hit)::float8 AS hit,
    sum(s.shared_blks_read)::float8 AS read, sum(s.temp_blks_written)::float8 AS temp
  FROM ${schema}.pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
  WHERE d.datname = current_database() AND s.query <> '<insufficient privilege>' GROUP BY s.queryid
)
SELECT *, total / greatest((SELECT sum(total) FROM statements), 1e-9) AS share
FROM statements ORDER BY ${sort[order]} DESC, total DESC LIMIT $1`;
}

async function since(session: Reader, { schema, columns }: StatementsView): Promise<string | undefined> {
  // Came in the same version as this column.
  if (!columns.has("toplevel")) return undefined;
  const [info] = await session.rows<{ reset: string | null }>(
    `SELECT to_char(stats_reset AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS reset FROM ${schema}.pg_stat_statements_info`,
  );
  return info?.reset ?? undefined;
}
