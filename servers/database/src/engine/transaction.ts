import { quoteIdentifier } from "./quote-identifier.js";

/** What every transaction of ours is told first. */
export interface TransactionSettings {
  readOnly: boolean;
  /** Longest a statement may run on the server, in milliseconds; what its administrator set when that is shorter. */
  statementTimeoutMs: number | undefined;
  /** Longest the transaction may wait for us, in milliseconds. */
  idleTimeoutMs: number;
  role: string | undefined;
  /** Lets the server notice in the middle of a query that this process is gone; PostgreSQL 14 on systems that can tell. */
  watchesClient: boolean;
}

/** Temporary tables would otherwise be searched first. */
export const CATALOG_ONLY = "pg_catalog, pg_temp";

/** Longest wait for a lock: a model must not queue behind, and then in front of, a migration. */
const LOCK_TIMEOUT_MS = 5_000;

/** PostgreSQL's own limit, some 25 days. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * The statements that begin a transaction; none gives rows. Settings are local to it, which is all a pooler in transaction
 * mode keeps apart, and made by one query: a dozen commands would be a dozen answers to read. Once a query has run, inside
 * a savepoint, PostgreSQL itself refuses to make the transaction read-write.
 */
export function beginTransaction(settings: TransactionSettings): string[] {
  const { readOnly, statementTimeoutMs, idleTimeoutMs, role, watchesClient } = settings;
  const local: Record<string, string> = {
    lock_timeout: String(LOCK_TIMEOUT_MS),
    idle_in_transaction_session_timeout: String(idleTimeoutMs),
    ...(watchesClient && { client_connection_check_interval: "500" }),
    standard_conforming_strings: "on", // the gate's parser reads literals this way
    client_encoding: "UTF8",
    datestyle: "ISO, MDY",
    intervalstyle: "postgres",
    extra_float_digits: "1",
    bytea_output: "hex",
  };
  const set = Object.entries(local).map(([name, value]) => `pg_catalog.set_config('${name}', '${value}', true)`);
  return [
    `BEGIN ISOLATION LEVEL READ COMMITTED ${readOnly ? "READ ONLY" : "READ WRITE"}`,
    `SELECT WHERE pg_catalog.concat(${set.join(", ")}) IS NULL`,
    ...(statementTimeoutMs === undefined ? [] : shortenTimeout(statementTimeoutMs)),
    ...(role === undefined ? [] : [`SET LOCAL ROLE ${quoteIdentifier(role)}`]),
    ...(readOnly ? ["SAVEPOINT pinned"] : []),
  ];
}

/** An administrator's own timeout stays where it is shorter. */
const shortenTimeout = (milliseconds: number) => [
  `SET LOCAL search_path TO ${CATALOG_ONLY}`,
  `SELECT WHERE set_config('statement_timeout', least(${Math.min(milliseconds, LONGEST_TIMEOUT_MS)},
     nullif(extract(epoch FROM current_setting('statement_timeout')::interval) * 1000, 0))::int::text, true) IS NULL`,
  "SET LOCAL search_path TO DEFAULT",
];
