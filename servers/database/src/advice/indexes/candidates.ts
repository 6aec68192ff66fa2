import type { Condition } from "../plan/conditions.js";
import { coveringIndex, createIndex, type IndexKey, keyFor, keysFor, orderedKeys } from "../plan/index-keys.js";
import { type JudgedPlan, relationOf } from "../plan/judged-plan.js";
import type { PlacedNode } from "../plan/plan-node.js";
import type { Relation } from "../relations/relation.js";

/** An index worth a try. */
export interface Candidate {
  relation: Relation;
  keys: readonly IndexKey[];
  /** Quoted columns of INCLUDE. */
  included: readonly string[];
  /** What it is for, as people say it. */
  reason: string;
  /** The statement that makes it; what tells candidates apart. */
  sql: string;
}

/** Tables below this many rows are read faster than any index. */
const ROWS = 1000;
/** Columns that are worth copying into an index, and their bytes. */
const INCLUDED = { columns: 3, width: 32 };

/** Indexes that could serve a plan, which no existing index already does. */
export function candidatesFor(judged: JudgedPlan): Candidate[] {
  const found = judged.placed.flatMap((scan) => {
    const relation = relationOf(judged, scan);
    const isScan = scan.node["Node Type"] !== "Bitmap Index Scan" && scan.node.Alias !== undefined;
    return relation && isScan && relation.rows >= ROWS ? candidatesAt(judged, scan, relation) : [];
  });
  const missing = found.filter(
    ({ relation, keys, included }) => keys.length > 0 && !coveringIndex(relation, keys, included),
  );
  return distinct(missing);
}

/** The first of those that are made by the same statement. */
export const distinct = (candidates: readonly Candidate[]): Candidate[] => [
  ...new Map([...candidates].reverse().map((candidate) => [candidate.sql, candidate])).values(),
];

function candidatesAt(judged: JudgedPlan, scan: PlacedNode, relation: Relation): Candidate[] {
  const alias = scan.node.Alias;
  const all = [...judged.conditions.values()].flat().filter(({ key }) => key.alias === alias);
  const filters = all.filter(({ kind }) => kind !== "join");
  const joins = all.filter(({ kind }) => kind === "join");
  const keys = (conditions: readonly Condition[]) => keysFor(conditions, relation, judged.freeCasts);
  const plain = [
    candidate(relation, keys(filters), "filters"),
    ...filters.map((filter) => candidate(relation, keys([filter]), "filters")),
    candidate(relation, keys(joins), "joins"),
    candidate(relation, keys([...joins, ...filters]), "joins and filters"),
    ...orderings(judged, scan, relation, filters),
  ];
  return [...plain, ...plain.flatMap((one) => covering(judged, scan, one))];
}

const candidate = (
  relation: Relation,
  keys: readonly IndexKey[],
  reason: string,
  included: readonly string[] = [],
): Candidate => ({
  relation,
  keys,
  included,
  reason: `${reason} on ${keys.map(({ key }) => key).join(", ")}`,
  sql: createIndex(relation, keys, included),
});

/** Indexes that give rows in the order they are wanted: what is fixed first, then the order. */
function orderings(
  judged: JudgedPlan,
  scan: PlacedNode,
  relation: Relation,
  filters: readonly Condition[],
): Candidate[] {
  const fixed = filters.filter(({ kind }) => kind === "equality" || kind === "null");
  const fixedKeys = fixed.flatMap((condition) => keyFor(condition, relation, judged.freeCasts) ?? []);
  return [...judged.sortKeys].flatMap(([place, sorted]) => {
    if (sorted[0]?.key.alias !== scan.node.Alias || !isAbove(place, scan)) return [];
    const ordered = orderedKeys(sorted, relation, judged.freeCasts);
    if (ordered === undefined) return [];
    const before = fixedKeys.filter(({ key }) => !ordered.some((other) => other.key === key));
    const purpose = place.node["Sort Key"] ? "order" : "groups";
    return [
      candidate(relation, ordered, purpose),
      ...(before.length > 0 ? [candidate(relation, [...before, ...ordered], `filters, then ${purpose}`)] : []),
    ];
  });
}

const isAbove = (place: PlacedNode, scan: PlacedNode): boolean =>
  scan.parent !== undefined && (scan.parent === place || isAbove(place, scan.parent));

/** The same index with the few other columns the plan needs, so that the table need not be read. */
function covering(judged: JudgedPlan, scan: PlacedNode, plain: Candidate): Candidate[] {
  const { relation, keys } = plain;
  const inside = new Set(keys.map(({ column }) => column.name));
  const needed = [...relation.columns.values()].filter(
    ({ name, quoted }) => !inside.has(name) && isNeeded(judged, scan, quoted),
  );
  const width = needed.reduce((sum, column) => sum + column.width, 0);
  if (keys.length === 0 || needed.length === 0 || needed.length > INCLUDED.columns || width > INCLUDED.width) return [];
  return [
    candidate(
      relation,
      keys,
      `${plain.reason.split(" on ")[0]}, without reading the table,`,
      needed.map(({ quoted }) => quoted),
    ),
  ];
}

/** A column that something above the scan speaks of; a scan itself may list columns nobody wants. */
function isNeeded({ placed }: JudgedPlan, scan: PlacedNode, quoted: string): boolean {
  const name = `${scan.node.Alias}.${quoted}`;
  const mentions = (text: string) => ` ${text} `.split(/[^\w."$]+/).includes(name);
  return placed.some((place) => {
    const { Output: output = [], ...node } = place.node;
    const own = place === scan || scan.children.includes(place);
    const texts = [node.Filter, node["Join Filter"], node["Hash Cond"], node["Merge Cond"], node["Index Cond"]];
    return (
      texts.some((text) => text !== undefined && mentions(text)) ||
      [...(node["Sort Key"] ?? []), ...(node["Group Key"] ?? [])].some(mentions) ||
      ((!own || scan.parent === undefined) && output.some(mentions))
    );
  });
}
