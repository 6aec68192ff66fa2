import { count, counted } from "../amounts.js";
import type { Evidence, HealthCheck } from "./health-check.js";

/** Indexes that another one makes needless, and those that are broken. */
export const duplicateIndexes = (): HealthCheck => ({
  name: "duplicate_indexes",
  async run(session) {
    const indexes = await session.rows<Index>(INDEXES);
    const invalid = indexes.filter(({ valid }) => !valid);
    const valid = indexes.filter(({ valid }) => valid);
    const redundant = valid.flatMap((index) => {
      const better = valid.find((other) => other.table === index.table && isCoveredBy(index, other));
      return better ? [{ index, better }] : [];
    });
    if (invalid.length + redundant.length === 0) return { status: "ok", summary: "No duplicate or invalid index" };
    const evidence: Evidence[] = [
      ...invalid.map(({ name, table }) => ({
        index: name,
        table,
        problem: "invalid: never used, still maintained",
        "covered by": "",
      })),
      ...redundant.map(({ index, better }) => ({
        index: index.name,
        table: index.table,
        problem: isSame(index, better) ? "duplicate" : "its columns begin the other",
        "covered by": better.name,
      })),
    ];
    return {
      status: "warning",
      summary: `${counted(redundant.length, "redundant index", "redundant indexes")}, ${count(invalid.length)} invalid`,
      evidence,
      advice: [
        ...(redundant.length > 0 ? ["DROP INDEX CONCURRENTLY the covered ones"] : []),
        ...(invalid.length > 0
          ? ["Invalid ones are left by a failed CREATE INDEX CONCURRENTLY: REINDEX INDEX CONCURRENTLY or drop them"]
          : []),
      ].join(". "),
    };
  },
});

interface Index {
  oid: number;
  name: string;
  table: string;
  valid: boolean;
  unique: boolean;
  /** A constraint or replication needs it. */
  bound: boolean;
  method: string;
  /** Each key with its operator class, collation and direction. */
  keys: string[];
  included: string[];
  expressions: string;
  predicate: string;
}

const isSame = (one: Index, other: Index) =>
  one.keys.join() === other.keys.join() && [...one.included].sort().join() === [...other.included].sort().join();

/** `other` does all that `index` does, and of two equal ones it is the one to keep. */
function isCoveredBy(index: Index, other: Index): boolean {
  if (index === other || index.bound) return false;
  if (index.method !== other.method || index.predicate !== other.predicate || index.expressions !== other.expressions)
    return false;
  if (isSame(index, other)) {
    if (index.unique !== other.unique) return other.unique;
    return other.bound || other.oid < index.oid;
  }
  // A unique index forbids something, and only b-trees serve the first of their keys alone.
  if (index.unique || index.method !== "btree" || index.keys.length > other.keys.length) return false;
  return (
    index.keys.every((key, place) => key === other.keys[place]) &&
    index.included.every((column) => [...other.keys.map(columnOf), ...other.included].includes(column))
  );
}

const columnOf = (key: string) => key.split(" ")[0] ?? "";

const INDEXES = `
SELECT i.indexrelid AS oid, format('%I.%I', n.nspname, c.relname) AS name, i.indrelid::regclass::text AS table, i.indisvalid AS valid,
  i.indisunique AS unique, am.amname AS method,
  (i.indisreplident OR i.indisexclusion OR EXISTS (SELECT FROM pg_constraint con WHERE con.conindid = i.indexrelid)) AS bound,
  k.keys[1:i.indnkeyatts] AS keys, coalesce(k.columns[i.indnkeyatts + 1:], '{}') AS included,
  coalesce(pg_get_expr(i.indexprs, i.indrelid), '') AS expressions, coalesce(pg_get_expr(i.indpred, i.indrelid), '') AS predicate
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am am ON am.oid = c.relam
CROSS JOIN LATERAL (
  SELECT array_agg(concat_ws(' ', column_number, operator_class, collation_oid, direction) ORDER BY place) AS keys,
    array_agg(column_number::text ORDER BY place) AS columns
  FROM ROWS FROM (unnest(i.indkey::int2[]), unnest(i.indclass::oid[]), unnest(i.indcollation::oid[]), unnest(i.indoption::int2[]))
    WITH ORDINALITY AS t(column_number, operator_class, collation_oid, direction, place)
) k
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relpersistence <> 't'
ORDER BY i.indrelid, i.indexrelid LIMIT 20000`;
