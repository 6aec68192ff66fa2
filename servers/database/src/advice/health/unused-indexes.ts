import { bytes, counted } from "../amounts.js";
import { type HealthCheck, LOCKED } from "./health-check.js";

interface Limits {
  /** Bytes below which an index is not worth a thought. */
  size: number;
}

/** Indexes that no query has read since statistics began. */
export const unusedIndexes = ({ size }: Limits = { size: 1024 ** 2 }): HealthCheck => ({
  name: "unused_indexes",
  async run(session, { standby }) {
    const unused = await session.rows<{ index: string; table: string; size: number }>(UNUSED, [size]);
    const [since] = await session.rows<{ days: number | null }>(
      `SELECT extract(epoch FROM now() - coalesce(stats_reset, pg_postmaster_start_time()))::float8 / 86400 AS days
       FROM pg_stat_database WHERE datname = current_database()`,
    );
    const days = Math.floor(since?.days ?? 0);
    const total = unused.reduce((sum, { size: part }) => sum + part, 0);
    if (unused.length === 0) return { status: "ok", summary: `Every index above ${bytes(size)} has been used` };
    return {
      status: "warning",
      summary: `${counted(unused.length, "index", "indexes")} (${bytes(total)}) not used in the ${counted(days, "day")} that statistics cover`,
      evidence: unused.map((one) => ({ ...one, size: bytes(one.size) })),
      advice: `DROP INDEX CONCURRENTLY what is not needed${standby ? " on the primary" : ""}, after a look at replicas, which count for themselves${days < 31 ? ", and at month-end jobs: statistics are young" : ""}`,
    };
  },
});

// Constraints need their indexes, and so do clients of logical replication.
const UNUSED = `
SELECT format('%I.%I', n.nspname, ic.relname) AS index, s.relid::regclass::text AS table, pg_relation_size(ic.oid)::float8 AS size
FROM pg_stat_user_indexes s
JOIN pg_index i ON i.indexrelid = s.indexrelid
JOIN pg_class ic ON ic.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = ic.relnamespace
WHERE s.idx_scan = 0 AND i.indisvalid AND NOT i.indisunique AND NOT i.indisreplident AND NOT i.indisexclusion
  AND NOT EXISTS (SELECT FROM pg_constraint con WHERE con.conindid = i.indexrelid)
  AND s.relid NOT IN (${LOCKED}) AND ic.oid NOT IN (${LOCKED}) AND pg_relation_size(ic.oid) >= $1::int8
ORDER BY size DESC LIMIT 100`;
