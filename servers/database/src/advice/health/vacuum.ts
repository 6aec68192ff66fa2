import { count, counted, percent } from "../amounts.js";
import { type Evidence, type HealthCheck, type Status, worst } from "./health-check.js";

/** Transactions after which PostgreSQL refuses to go on; it stops 3 million before. */
const WRAPAROUND = 2 ** 31;

interface Limits {
  /** Dead rows in one table, beyond autovacuum's own threshold by this factor. */
  overdue: number;
  /** Share of {@link WRAPAROUND} that is critical. */
  critical: number;
}

/** What autovacuum has not got to: dead rows, tables never analyzed, and the age of the oldest transaction IDs. */
export const vacuum = ({ overdue, critical }: Limits = { overdue: 2, critical: 0.5 }): HealthCheck => ({
  name: "vacuum",
  async run(session, { standby, embedded }) {
    const ages = await session.rows<Age>(AGES);
    const tables = standby ? [] : await session.rows<Table>(TABLES, [overdue]);
    const oldest = ages.reduce((most, { age }) => Math.max(most, age), 0);
    const limit = ages[0]?.limit ?? 200_000_000;
    const statuses: Status[] = [
      oldest >= WRAPAROUND * critical ? "critical" : oldest > limit * 1.1 ? "warning" : "ok",
      tables.length > 0 ? "warning" : "ok",
    ];
    const old = oldest > limit * 1.1 ? await session.rows<{ table: string; age: number }>(OLDEST) : [];
    return {
      status: worst(statuses),
      summary: [
        `Oldest transaction ID ${count(oldest)} (${percent(oldest / WRAPAROUND)} of wraparound; autovacuum starts at ${count(limit)})`,
        standby ? "dead rows are counted on the primary" : `${counted(tables.length, "table")} behind`,
        ...(embedded ? ["no autovacuum in the embedded database"] : []),
      ].join(", "),
      evidence: [
        ...ages
          .filter(({ age }) => age > limit * 1.1)
          .map(({ database, age }): Evidence => ({ name: `database ${database}`, age })),
        ...old.map(({ table, age }): Evidence => ({ name: table, age })),
        ...tables.map(
          ({ table, dead, live, vacuumed, analyzed }): Evidence => ({
            name: table,
            "dead rows": dead,
            "live rows": live,
            "last vacuum": vacuumed ?? "never",
            "last analyze": analyzed ?? "never",
          }),
        ),
      ],
      advice: [
        ...(oldest > limit * 1.1
          ? [
              "VACUUM (FREEZE) the oldest tables, and end what holds old transactions: long transactions, prepared ones, replication slots",
            ]
          : []),
        ...(tables.length > 0
          ? [
              "VACUUM (ANALYZE) them; if it comes back, lower autovacuum_vacuum_scale_factor for these tables and look for old transactions",
            ]
          : []),
      ].join(". "),
    };
  },
});

interface Age {
  database: string;
  age: number;
  limit: number;
}

interface Table {
  table: string;
  dead: number;
  live: number;
  vacuumed: string | null;
  analyzed: string | null;
}

const AGES = `
SELECT datname AS database, greatest(age(datfrozenxid), mxid_age(datminmxid)) AS age,
  current_setting('autovacuum_freeze_max_age')::float8 AS limit
FROM pg_database WHERE datallowconn ORDER BY 2 DESC LIMIT 20`;

const OLDEST = `
SELECT oid::regclass::text AS table, greatest(age(relfrozenxid), mxid_age(relminmxid)) AS age
FROM pg_class WHERE relkind IN ('r', 'm', 't') AND relfrozenxid <> '0' ORDER BY 2 DESC LIMIT 10`;

// Autovacuum's own rule, with the table's own settings.
const TABLES = `
SELECT s.relid::regclass::text AS table, s.n_dead_tup AS dead, s.n_live_tup AS live,
  to_char(greatest(s.last_vacuum, s.last_autovacuum), 'YYYY-MM-DD HH24:MI') AS vacuumed,
  to_char(greatest(s.last_analyze, s.last_autoanalyze), 'YYYY-MM-DD HH24:MI') AS analyzed
FROM pg_stat_user_tables s
JOIN pg_class c ON c.oid = s.relid
CROSS JOIN LATERAL (
  SELECT coalesce(max(option_value) FILTER (WHERE option_name = 'autovacuum_vacuum_threshold'), current_setting('autovacuum_vacuum_threshold'))::float8 AS base,
    coalesce(max(option_value) FILTER (WHERE option_name = 'autovacuum_vacuum_scale_factor'), current_setting('autovacuum_vacuum_scale_factor'))::float8 AS factor
  FROM pg_options_to_table(c.reloptions)
) rule
WHERE s.n_dead_tup > 1000 AND s.n_dead_tup > $1::float8 * (rule.base + rule.factor * greatest(c.reltuples, 0))
ORDER BY s.n_dead_tup DESC LIMIT 100`;
