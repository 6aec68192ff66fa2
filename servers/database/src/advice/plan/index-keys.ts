import { distinctValues, type Relation, type RelationColumn } from "../relations/relation.js";
import type { Condition, SortKey } from "./conditions.js";
import type { Expression } from "./expression.js";

/** One key of an index: a column or an expression. */
export interface IndexKey {
  column: RelationColumn;
  /** SQL inside CREATE INDEX: `status`, `(lower(email))`, `name text_pattern_ops`. */
  sql: string;
  /** What an existing index would have as this key. */
  key: string;
}

/**
 * The key by which an index serves a condition.
 * @param freeCasts casts that change nothing
 * @returns undefined where no b-tree can
 */
export function keyFor(condition: Condition, relation: Relation, freeCasts: ReadonlySet<string>): IndexKey | undefined {
  const { key, kind } = condition;
  const found = sortableKey(key, relation, freeCasts);
  if (found === undefined || kind === "pattern") return undefined;
  if (kind !== "prefix" || found.column.sortsByBytes) return found;
  return { ...found, sql: `${found.sql} text_pattern_ops`, key: `${found.key} text_pattern_ops` };
}

/** The key by which an index gives an order. */
function sortableKey(key: Expression, relation: Relation, freeCasts: ReadonlySet<string>): IndexKey | undefined {
  const column = relation.columns.get(key.column);
  if (column === undefined) return undefined;
  const { applied } = key;
  if (applied?.kind === "call") return { column, sql: `(${applied.sql})`, key: applied.sql };
  if (applied?.kind === "cast" && (applied.within !== undefined || !isFree(column, applied.type, freeCasts)))
    return undefined;
  return { column, sql: column.quoted, key: column.name };
}

/** Keys of an index that gives an order; undefined where no index of this relation can. */
export function orderedKeys(
  sorted: readonly SortKey[],
  relation: Relation,
  freeCasts: ReadonlySet<string>,
): IndexKey[] | undefined {
  // A b-tree is read backwards as well as forwards; only mixed directions must be in it.
  const backwards = sorted.every(({ descending, nulls }) => descending && nulls === undefined);
  const keys = sorted.flatMap(({ key, descending, nulls }) => {
    const found = sortableKey(key, relation, freeCasts);
    const words = backwards ? [] : [descending && "DESC", nulls && `NULLS ${nulls}`].filter(Boolean);
    return found ? [{ ...found, sql: [found.sql, ...words].join(" "), key: [found.key, ...words].join(" ") }] : [];
  });
  return keys.length === sorted.length ? keys : undefined;
}

/** The cast costs no index its use: `varchar` compared as `text`. */
export const isFree = (column: RelationColumn, type: string, freeCasts: ReadonlySet<string>) =>
  column.typeName === type || freeCasts.has(`${column.typeName}:${type}`);

const ORDER: Record<Condition["kind"], number> = {
  equality: 0,
  null: 1,
  list: 2,
  join: 3,
  prefix: 4,
  range: 5,
  pattern: 6,
};

/**
 * Keys of an index for all of some conditions on one relation: what fixes a value first, the most telling column ahead,
 * then at most one range. Once the keys leave a handful of rows, more of them only make the index larger.
 */
export function keysFor(
  conditions: readonly Condition[],
  relation: Relation,
  freeCasts: ReadonlySet<string>,
): IndexKey[] {
  const found = conditions
    .flatMap((condition) => {
      const key = keyFor(condition, relation, freeCasts);
      return key ? [{ ...key, order: ORDER[condition.kind], distinct: distinctValues(relation, key.column) }] : [];
    })
    .sort((a, b) => a.order - b.order || b.distinct - a.distinct);
  const keys: IndexKey[] = [];
  let rows = Math.max(relation.rows, 1);
  for (const { order, distinct, ...key } of found) {
    if (keys.some((earlier) => earlier.key === key.key)) continue;
    if (keys.length > 0 && rows < HANDFUL) break;
    keys.push(key);
    rows /= distinct;
    if (order >= ORDER.prefix) break;
  }
  return keys;
}

const HANDFUL = 10;

/** An index of the relation that already serves these keys: it begins with them, those before the last in any order. */
export function coveringIndex(relation: Relation, keys: readonly IndexKey[], included: readonly string[] = []) {
  const wanted = keys.map(({ key }) => key);
  return relation.indexes.find((index) => {
    if (!index.valid || index.predicate !== null || index.method !== "btree") return false;
    const first = index.keys.slice(0, wanted.length);
    const all = [...index.keys, ...index.included];
    return (
      first.at(-1) === wanted.at(-1) &&
      wanted.every((key) => first.includes(key)) &&
      included.every((column) => all.includes(column))
    );
  });
}

/** The statement that makes an index without blocking writers. */
export function createIndex(
  relation: Relation,
  keys: readonly { sql: string }[],
  included: readonly string[] = [],
): string {
  const columns = keys.map(({ sql }) => sql).join(", ");
  const include = included.length > 0 ? ` INCLUDE (${included.join(", ")})` : "";
  return `CREATE INDEX CONCURRENTLY ON ${relation.indexedOn} (${columns})${include}`;
}
