import type { Reader } from "../../engine/types.js";
import { parseCondition } from "../parse.js";
import { writeExpression } from "../plan/expression.js";
import type { ForeignKey, Relation, RelationColumn, RelationIndex } from "./relation.js";

export interface RelationName {
  schema: string;
  name: string;
}

/** What the catalogs and statistics know of tables, by `schema.name` as plans spell them; unknown names are left out. */
export async function readRelations(session: Reader, names: readonly RelationName[]): Promise<Map<string, Relation>> {
  const rows = await session.rows<Omit<Relation, "columns" | "indexes" | "foreignKeys">>(RELATIONS, [
    names.map(({ schema }) => schema),
    names.map(({ name }) => name),
  ]);
  const oids = rows.map(({ oid }) => oid);
  const columns = await session.rows<RelationColumn & Of>(COLUMNS, [oids]);
  const indexes = await session.rows<RelationIndex & Of>(INDEXES, [oids]);
  const foreignKeys = await session.rows<ForeignKey & Of>(FOREIGN_KEYS, [oids]);
  const expressions = await Promise.all(indexes.flatMap(({ keys }) => keys).map(asWritten));
  const written = new Map(expressions);
  for (const index of indexes) index.keys = index.keys.map((key) => written.get(key) ?? key);
  const of = <T>(all: (T & Of)[], oid: number) => all.filter(({ relation }) => relation === oid);
  return new Map(
    rows.map((row) => [
      `${row.schema}.${row.name}`,
      {
        ...row,
        columns: new Map(of(columns, row.oid).map((column) => [column.name, column])),
        indexes: of(indexes, row.oid),
        foreignKeys: of(foreignKeys, row.oid),
      },
    ]),
  );
}

/** Brackets and spaces as plans' conditions get them, so that an index's expression can be recognised in a plan. */
async function asWritten(key: string): Promise<[key: string, written: string]> {
  const tree = key.includes("(") || key.includes(" ") ? await parseCondition(key) : undefined;
  return [key, (tree && writeExpression(tree)) ?? key];
}

interface Of {
  relation: number;
}

const RELATIONS = `
SELECT c.oid, n.nspname AS schema, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS label,
  (SELECT format('%I.%I', rn.nspname, r.relname) FROM pg_class r JOIN pg_namespace rn ON rn.oid = r.relnamespace
   WHERE r.oid = coalesce(pg_partition_root(c.oid), c.oid)) AS "indexedOn",
  c.reltuples::float8 AS rows, c.relpages AS pages, coalesce(s.n_mod_since_analyze, 0) AS modified,
  (s.last_analyze IS NOT NULL OR s.last_autoanalyze IS NOT NULL
   OR EXISTS (SELECT FROM pg_stats st WHERE st.schemaname = n.nspname AND st.tablename = c.relname)) AS analyzed
FROM unnest($1::text[], $2::text[]) AS wanted(schema, name)
JOIN pg_namespace n ON n.nspname = wanted.schema
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name AND c.relkind IN ('r', 'm', 'p')
LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid`;

const COLUMNS = `
SELECT a.attrelid AS relation, a.attname AS name, quote_ident(a.attname) AS quoted, format_type(a.atttypid, a.atttypmod) AS type,
  coalesce(bt.typname, t.typname)::text AS "typeName", a.attnotnull AS "notNull", st.n_distinct::float8 AS distinct, coalesce(st.null_frac, 0)::float8 AS "nullFraction",
  coalesce(st.avg_width, 8) AS width, coalesce(st.correlation, 0)::float8 AS correlation,
  coalesce(st.most_common_freqs[1], 0)::float8 AS "mostCommon",
  CASE WHEN co.collname = 'default' THEN d.datcollate ELSE co.collcollate END IN ('C', 'POSIX') AS "sortsByBytes"
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type bt ON bt.oid = t.typbasetype
JOIN pg_database d ON d.datname = current_database()
LEFT JOIN pg_collation co ON co.oid = a.attcollation
LEFT JOIN LATERAL (
  SELECT * FROM pg_stats st WHERE st.schemaname = n.nspname AND st.tablename = c.relname AND st.attname = a.attname
  ORDER BY st.inherited LIMIT 1
) st ON true
WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`;

const INDEXES = `
SELECT i.indrelid AS relation, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS label, am.amname AS method,
  i.indisunique AS unique, i.indisprimary AS primary, i.indisvalid AS valid, pg_get_expr(i.indpred, i.indrelid) AS predicate,
  pg_get_indexdef(i.indexrelid) AS definition, keys.names[1:i.indnkeyatts] AS keys, keys.names[i.indnkeyatts + 1:] AS included
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am am ON am.oid = c.relam
CROSS JOIN LATERAL (
  SELECT array_agg(coalesce(a.attname::text, pg_get_indexdef(i.indexrelid, k.place::int, false)) ORDER BY k.place) AS names
  FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
  LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0
) keys
WHERE i.indrelid = ANY ($1::oid[]) ORDER BY c.relname`;

const FOREIGN_KEYS = `
SELECT con.conrelid AS relation, con.conname AS name, format('%I.%I', n.nspname, c.relname) AS references,
  (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(con.conkey) WITH ORDINALITY AS k(attnum, place)
   JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.attnum) AS columns
FROM pg_constraint con
JOIN pg_class c ON c.oid = con.confrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE con.contype = 'f' AND con.conrelid = ANY ($1::oid[])`;
