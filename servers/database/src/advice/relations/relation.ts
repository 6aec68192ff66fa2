/** What is known of a table or materialized view: enough to judge a plan and to propose an index. */
export interface Relation {
  oid: number;
  schema: string;
  name: string;
  /** Qualified, quoted where SQL needs it. */
  label: string;
  /** The table an index is made on: the root of its partitions, otherwise itself. */
  indexedOn: string;
  /** As of the last VACUUM or ANALYZE; −1 when there was none. */
  rows: number;
  /** Blocks of 8 kB, as of the same time. */
  pages: number;
  /** Rows changed since the last ANALYZE. */
  modified: number;
  analyzed: boolean;
  columns: Map<string, RelationColumn>;
  indexes: RelationIndex[];
  foreignKeys: ForeignKey[];
}

export interface RelationColumn {
  name: string;
  /** Quoted where SQL needs it. */
  quoted: string;
  type: string;
  /** As `pg_type` has it, of a domain its base type: `varchar`, `int4`. */
  typeName: string;
  notNull: boolean;
  /** Of an ordinary database: the default collation sorts by bytes, so that LIKE 'a%' can use an index. */
  sortsByBytes: boolean;
  /** Distinct values, from pg_stats: of rows when negative. Undefined without statistics or privilege. */
  distinct: number | undefined;
  nullFraction: number;
  /** Bytes on average. */
  width: number;
  /** −1 to 1: how far the order on disk follows the values. */
  correlation: number;
  /** Share of the most common value. */
  mostCommon: number;
}

export interface RelationIndex {
  name: string;
  label: string;
  method: string;
  unique: boolean;
  primary: boolean;
  valid: boolean;
  /** Columns as their plain names, expressions as PostgreSQL prints them. */
  keys: string[];
  included: string[];
  /** WHERE of a partial index. */
  predicate: string | null;
  definition: string;
}

export interface ForeignKey {
  name: string;
  columns: string[];
  references: string;
}

/** Number of different values of a column; at least one. */
export function distinctValues(relation: Relation, column: RelationColumn): number {
  const rows = Math.max(relation.rows, 1);
  // PostgreSQL's own guess where it knows nothing.
  const { distinct = Math.min(rows, 200) } = column;
  return Math.max(distinct < 0 ? -distinct * rows : distinct, 1);
}

/** Usable indexes that begin with a key, which is a column's name or an expression. */
export const indexesOn = (relation: Relation, key: string) =>
  relation.indexes.filter(({ keys, valid }) => valid && keys[0] === key);
