import type { ReadSession } from "../../engine/types.js";
import { attempt } from "../scratch.js";
import { bloat } from "./bloat.js";
import { cache } from "./cache.js";
import { connections } from "./connections.js";
import { duplicateIndexes } from "./duplicate-indexes.js";
import { type Finding, type HealthCheck, type Server, type Status, worst } from "./health-check.js";
import { locks } from "./locks.js";
import { replication } from "./replication.js";
import { sequences } from "./sequences.js";
import { settings } from "./settings.js";
import { unusedIndexes } from "./unused-indexes.js";
import { vacuum } from "./vacuum.js";

const CHECKS = {
  connections: connections(),
  locks: locks(),
  bloat: bloat(),
  unused_indexes: unusedIndexes(),
  duplicate_indexes: duplicateIndexes(),
  cache: cache(),
  vacuum: vacuum(),
  replication: replication(),
  sequences: sequences(),
  settings: settings(),
} satisfies Record<string, HealthCheck>;

export type CheckName = keyof typeof CHECKS;
export const checkNames = Object.keys(CHECKS) as [CheckName, ...CheckName[]];

/** Milliseconds a check waits for a lock: it must not queue where it looks for queues. */
const LOCK_TIMEOUT = 500;

export type CheckResult = Finding & { check: string };

export interface HealthReport {
  status: Status;
  checks: CheckResult[];
}

/** Runs checks one after the other. One that fails is `unknown` and stops no other. */
export async function checkHealth(
  session: ReadSession,
  names: readonly CheckName[] = checkNames,
): Promise<HealthReport> {
  const server = await describeServer(session);
  const checks: CheckResult[] = [];
  for (const name of new Set(names)) checks.push(await runCheck(session, server, CHECKS[name]));
  return { status: worst(checks.map(({ status }) => status)), checks };
}

/** Runs one check. */
export async function runCheck(session: ReadSession, server: Server, check: HealthCheck): Promise<CheckResult> {
  const result = await attempt(session, async () => {
    await session.rows("SELECT set_config('lock_timeout', $1, true)", [`${LOCK_TIMEOUT}ms`]);
    return check.run(session, server);
  });
  if (result.ok) return { check: check.name, ...result.value, advice: result.value.advice || undefined };
  return { check: check.name, status: "unknown", summary: `Could not be checked: ${result.problem}` };
}

/** What checks want to know of the server. */
export async function describeServer(session: ReadSession): Promise<Server> {
  const [server] = await session.rows<Server>(
    `SELECT pg_is_in_recovery() AS standby, version() LIKE '%wasm%' OR version() LIKE '%emscripten%' AS embedded,
       pg_has_role('pg_read_all_stats', 'USAGE') AS "seesAll", quote_ident(current_user) AS role,
       current_setting('block_size')::int AS block`,
  );
  if (server === undefined) throw new Error("a query without FROM gave no row");
  return server;
}
