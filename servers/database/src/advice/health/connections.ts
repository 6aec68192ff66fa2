import { count, duration, percent } from "../amounts.js";
import { statementLine } from "../statement-line.js";
import { type Evidence, grantMonitor, type HealthCheck, type Status, worst } from "./health-check.js";

interface Limits {
  /** Seconds a transaction may idle. */
  idle: number;
  /** Seconds a statement may run. */
  running: number;
}

/** Connections against their limit, transactions left open, statements that run long. */
export const connections = ({ idle, running }: Limits = { idle: 60, running: 600 }): HealthCheck => ({
  name: "connections",
  async run(session, server) {
    const [totals] = await session.rows<{ used: number; max: number; reserved: number }>(
      `SELECT (SELECT sum(numbackends) FROM pg_stat_database)::int AS used, current_setting('max_connections')::int AS max,
         current_setting('superuser_reserved_connections')::int AS reserved`,
    );
    const { used = 0, max = 1, reserved = 0 } = totals ?? {};
    const sessions = await session.rows<Session>(SESSIONS, [idle, running]);
    const left = sessions.filter(({ state }) => state.startsWith("idle in transaction"));
    const long = sessions.length - left.length;
    const share = used / Math.max(max - reserved, 1);
    const statuses: Status[] = [
      share >= 0.95 ? "critical" : share >= 0.8 ? "warning" : "ok",
      left.some(({ seconds }) => seconds >= 15 * idle) ? "critical" : left.length > 0 ? "warning" : "ok",
      long > 0 ? "warning" : "ok",
      server.seesAll ? "ok" : "unknown",
    ];
    return {
      status: worst(statuses),
      summary: [
        `${count(used)} of ${count(max)} connections in use (${percent(used / max)})`,
        `${left.length} idle in transaction over ${duration(idle * 1000)}`,
        `${long} running over ${duration(running * 1000)}`,
        ...(server.seesAll ? [] : ["other roles' sessions are hidden"]),
      ].join(", "),
      evidence: sessions.map(evidence),
      advice: [
        ...(share >= 0.8
          ? ["Put a pooler (PgBouncer) in front, or close idle clients before raising max_connections"]
          : []),
        ...(left.length > 0
          ? [
              "End them with pg_terminate_backend(pid) and set idle_in_transaction_session_timeout: they hold locks and keep VACUUM from cleaning",
            ]
          : []),
        ...(long > 0 ? ["Look at them with explain_query; pg_cancel_backend(pid) stops one"] : []),
        ...(server.seesAll ? [] : [`${grantMonitor(server)} to see every session`]),
      ].join(". "),
    };
  },
});

interface Session {
  pid: number;
  user: string;
  application: string;
  state: string;
  seconds: number;
  query: string;
}

const evidence = ({ pid, user, application, state, seconds, query }: Session): Evidence => ({
  pid,
  user,
  application,
  state,
  for: duration(seconds * 1000),
  query: statementLine(query),
});

// Times are the statement's for what runs, and the state's for what idles.
const SESSIONS = `
SELECT pid, coalesce(usename, '') AS user, coalesce(application_name, '') AS application, state, coalesce(query, '') AS query, seconds
FROM pg_stat_activity CROSS JOIN LATERAL (
  SELECT extract(epoch FROM clock_timestamp() - CASE WHEN state = 'active' THEN query_start ELSE state_change END)::float8 AS seconds
) age
WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
  AND (state LIKE 'idle in transaction%' AND seconds >= $1 OR state = 'active' AND seconds >= $2)
ORDER BY seconds DESC LIMIT 100`;
