import { duration } from "../amounts.js";
import { statementLine } from "../statement-line.js";
import { type Evidence, grantMonitor, type HealthCheck } from "./health-check.js";

const CRITICAL_SECONDS = 300;
const CRITICAL_SESSIONS = 10;
/** Deeper chains are cut. */
const DEPTH = 10;

/** Sessions that wait for locks, as trees under those who hold them. */
export const locks = (): HealthCheck => ({
  name: "locks",
  async run(session, server) {
    const waits = await session.rows<Wait>(WAITS);
    const blocked = new Set(waits.map(({ pid }) => pid));
    if (blocked.size === 0) return { status: "ok", summary: "No session waits for a lock" };
    const pids = [...new Set(waits.flatMap(({ pid, blocker }) => [pid, blocker]))];
    const holders = await session.rows<Holder>(HOLDERS, [pids]);
    const roots = pids.filter((pid) => !blocked.has(pid));
    const longest = Math.max(...waits.map(({ seconds }) => seconds ?? 0));
    const critical = longest >= CRITICAL_SECONDS || blocked.size >= CRITICAL_SESSIONS;
    return {
      status: critical ? "critical" : "warning",
      summary: `${blocked.size} session${blocked.size === 1 ? " waits" : "s wait"} for locks, ${duration(longest * 1000)} at most, behind ${roots.length}`,
      evidence: trees(roots, waits, new Map(holders.map((holder) => [holder.pid, holder]))),
      advice: [
        `Let the transaction at the root of each tree end, or end it with pg_terminate_backend(${roots[0] ?? "pid"})`,
        ...(roots.includes(0) ? ["pid 0 is a prepared transaction: see pg_prepared_xacts"] : []),
        ...(server.seesAll ? [] : [`${grantMonitor(server)} to see what the others run`]),
      ].join(". "),
    };
  },
});

interface Wait {
  pid: number;
  blocker: number;
  /** What is waited for. */
  target: string;
  seconds: number | null;
}

interface Holder {
  pid: number;
  user: string;
  state: string;
  query: string;
}

/** Depth first, two spaces a level: who waits stands below the one it waits for. */
function trees(roots: number[], waits: readonly Wait[], holders: ReadonlyMap<number, Holder>): Evidence[] {
  const shown = new Set<number>();
  const below = (pid: number, depth: number, wait?: Wait): Evidence[] => {
    const holder = holders.get(pid);
    const line = {
      session: `${"  ".repeat(depth)}${pid}`,
      user: holder?.user ?? "",
      state: holder?.state ?? "",
      "waits for": wait ? wait.target : "",
      for: wait?.seconds ? duration(wait.seconds * 1000) : "",
      query: statementLine(holder?.query ?? ""),
    };
    if (shown.has(pid) || depth >= DEPTH) return [line];
    shown.add(pid);
    return [
      line,
      ...waits.filter(({ blocker }) => blocker === pid).flatMap((next) => below(next.pid, depth + 1, next)),
    ];
  };
  return roots.flatMap((pid) => below(pid, 0));
}

// pg_locks and pg_blocking_pids() tell every role; one row a blocker.
const WAITS = `
SELECT l.pid, b.blocker, max(concat_ws(' ', l.mode, 'on', coalesce(l.relation::regclass::text, l.locktype))) AS target,
  max(extract(epoch FROM clock_timestamp() - a.query_start))::float8 AS seconds
FROM pg_locks l
LEFT JOIN pg_stat_activity a ON a.pid = l.pid
CROSS JOIN LATERAL unnest(pg_blocking_pids(l.pid)) AS b(blocker)
WHERE NOT l.granted AND l.pid <> pg_backend_pid()
GROUP BY l.pid, b.blocker ORDER BY l.pid, b.blocker LIMIT 500`;

const HOLDERS = `
SELECT pid, coalesce(usename, '') AS user, coalesce(state, '') AS state, coalesce(query, '') AS query
FROM pg_stat_activity WHERE pid = ANY ($1::int4[])`;
