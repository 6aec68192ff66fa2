import { bytes, counted, percent } from "../amounts.js";
import { type HealthCheck, LOCKED } from "./health-check.js";

interface Limits {
  /** Bytes that may be wasted in one table or index. */
  wasted: number;
  /** Share of one that may be waste. */
  share: number;
}

/** Space that tables and b-trees take without holding rows, estimated from statistics. */
export const bloat = ({ wasted, share }: Limits = { wasted: 50 * 1024 ** 2, share: 0.4 }): HealthCheck => ({
  name: "bloat",
  async run(session, { block }) {
    const tables = await session.rows<Bloated>(TABLES, [block, wasted, share]);
    const indexes = await session.rows<Bloated>(INDEXES, [block, wasted, share]);
    const [unseen] = await session.rows<{ tables: number }>(UNSEEN);
    const all = [...tables, ...indexes].sort((a, b) => b.wasted - a.wasted);
    const total = all.reduce((sum, { wasted: part }) => sum + part, 0);
    const hidden = unseen?.tables ?? 0;
    return {
      status: all.length > 0 ? "warning" : hidden > 0 ? "unknown" : "ok",
      summary: [
        all.length > 0
          ? `About ${bytes(total)} wasted in ${counted(tables.length, "table")} and ${counted(indexes.length, "index", "indexes")} (estimates)`
          : "No large bloat by estimate",
        ...(hidden > 0 ? [`${counted(hidden, "table")} without statistics to judge by`] : []),
      ].join(", "),
      evidence: all.map((one) => ({
        name: one.name,
        kind: one.kind,
        size: bytes(one.size),
        wasted: bytes(one.wasted),
        share: percent(one.wasted / one.size),
        "dead rows": one.dead,
      })),
      advice: [
        ...(tables.length > 0
          ? [
              "Tables: VACUUM makes the space usable again; VACUUM FULL (locks) or pg_repack gives it back. Look for old transactions that keep VACUUM from working",
            ]
          : []),
        ...(indexes.length > 0 ? ["Indexes: REINDEX INDEX CONCURRENTLY"] : []),
        ...(hidden > 0 ? ["ANALYZE, or GRANT SELECT on tables whose statistics this role may not see"] : []),
      ].join(". "),
    };
  },
});

interface Bloated {
  name: string;
  kind: string;
  size: number;
  wasted: number;
  dead: number | null;
}

/** Live rows: as counted where there are counts, else as of the last VACUUM or ANALYZE. */
const LIVE = "CASE WHEN s.n_live_tup + s.n_dead_tup > 0 THEN s.n_live_tup ELSE greatest(c.reltuples, 0) END";

/** Reads the system's own tables only where somebody counts on them. */
const USER_TABLES = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relpersistence <> 't' AND c.oid NOT IN (${LOCKED})`;

// A row takes its columns' average width, a header of 23 bytes and a null bitmap, padded to 8, and a pointer of 4.
const TABLES = `
WITH widths AS (
  SELECT a.attrelid, sum((1 - coalesce(st.null_frac, 0)) * st.avg_width) AS width, count(*) AS columns, count(st.attname) AS known,
    max(coalesce(st.null_frac, 0)) > 0 AS nulls
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'm')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_stats st ON st.schemaname = n.nspname AND st.tablename = c.relname AND st.attname = a.attname AND NOT st.inherited
  WHERE a.attnum > 0 AND NOT a.attisdropped GROUP BY a.attrelid
), sizes AS (
  SELECT format('%I.%I', n.nspname, c.relname) AS name, pg_relation_size(c.oid)::float8 AS size, s.n_dead_tup AS dead,
    ceil(${LIVE} * (8 * ceil((23 + CASE WHEN w.nulls THEN ceil(w.columns / 8.0) ELSE 0 END) / 8) + 8 * ceil(w.width / 8) + 4)
      / (($1::int - 24) * coalesce((SELECT option_value::float8 / 100 FROM pg_options_to_table(c.reloptions) WHERE option_name = 'fillfactor'), 1))) * $1::int AS needed
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN widths w ON w.attrelid = c.oid AND w.known = w.columns
  JOIN pg_stat_all_tables s ON s.relid = c.oid
  WHERE ${USER_TABLES}
)
SELECT name, 'table' AS kind, size, size - needed AS wasted, dead FROM sizes
WHERE size - needed >= $2::float8 AND (size - needed) / size >= $3::float8 ORDER BY wasted DESC LIMIT 100`;

// An entry of a b-tree takes a header of 8 and a pointer of 4; pages are filled to 90 %. Expressions keep no widths here.
const INDEXES = `
WITH widths AS (
  SELECT i.indexrelid, i.indrelid, sum((1 - coalesce(st.null_frac, 0)) * st.avg_width) AS width, count(*) AS keys, count(st.attname) AS known
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL unnest(i.indkey::int2[]) AS k(attnum)
  LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
  LEFT JOIN pg_stats st ON st.schemaname = n.nspname AND st.tablename = c.relname AND st.attname = a.attname AND NOT st.inherited
  WHERE i.indpred IS NULL AND i.indisvalid AND i.indrelid NOT IN (${LOCKED}) GROUP BY i.indexrelid, i.indrelid
), sizes AS (
  SELECT format('%I.%I', n.nspname, ic.relname) AS name, pg_relation_size(ic.oid)::float8 AS size,
    ceil(${LIVE} * (8 * ceil((w.width + 8) / 8) + 4) / ($1::int * 0.88) + 2) * $1::int AS needed
  FROM widths w
  JOIN pg_class ic ON ic.oid = w.indexrelid
  JOIN pg_am am ON am.oid = ic.relam AND am.amname = 'btree'
  JOIN pg_class c ON c.oid = w.indrelid
  JOIN pg_namespace n ON n.oid = ic.relnamespace
  JOIN pg_stat_all_tables s ON s.relid = w.indrelid
  WHERE w.keys = w.known AND ${USER_TABLES} AND ic.oid NOT IN (${LOCKED})
)
SELECT name, 'index' AS kind, size, size - needed AS wasted, NULL::int8 AS dead FROM sizes
WHERE size - needed >= $2::float8 AND (size - needed) / size >= $3::float8 ORDER BY wasted DESC LIMIT 100`;

// Above a megabyte: smaller ones do not matter.
const UNSEEN = `
SELECT count(*) AS tables FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND c.relpages > 128 AND ${USER_TABLES}
  AND NOT EXISTS (SELECT FROM pg_stats st WHERE st.schemaname = n.nspname AND st.tablename = c.relname)`;
