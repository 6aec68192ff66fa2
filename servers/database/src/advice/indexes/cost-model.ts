import type { Reader } from "../../engine/types.js";
import type { Condition } from "../plan/conditions.js";
import { keyFor, orderedKeys } from "../plan/index-keys.js";
import { type JudgedPlan, relationOf } from "../plan/judged-plan.js";
import type { PlacedNode } from "../plan/plan-node.js";
import { distinctValues, type Relation } from "../relations/relation.js";

/** The planner's prices, in its own units. */
export interface Prices {
  random: number;
  sequential: number;
  tuple: number;
  indexTuple: number;
}

export async function readPrices(session: Reader): Promise<Prices> {
  const [prices] = await session.rows<Prices>(
    `SELECT current_setting('random_page_cost')::float8 AS random, current_setting('seq_page_cost')::float8 AS sequential,
       current_setting('cpu_tuple_cost')::float8 AS tuple, current_setting('cpu_index_tuple_cost')::float8 AS "indexTuple"`,
  );
  return prices ?? { random: 4, sequential: 1, tuple: 0.01, indexTuple: 0.005 };
}

/** An index for the model: keys as {@link IndexKey.key} has them. */
export interface ModelIndex {
  relation: Relation;
  keys: readonly string[];
}

/** Bytes of a b-tree: tuple header and line pointer, keys padded to 8, pages filled to 90 %. */
export function indexSize({ relation, keys }: ModelIndex, included: readonly string[] = []): number {
  const width = [...keys, ...included].reduce(
    (sum, key) => sum + (relation.columns.get(columnOf(key))?.width ?? 16),
    0,
  );
  const tuples = Math.max(relation.rows, 0) * (12 + 8 * Math.ceil(width / 8));
  return Math.ceil(tuples / 0.9 / 8192 + 1) * 8192;
}

/** `total DESC` → `total`; an expression is no column. */
const columnOf = (key: string) => key.replace(/ (DESC|NULLS|text_pattern_ops).*$/, "");

/**
 * The cost of a plan if an index existed, by a model much simpler than the planner's: what its scans of the table, joins
 * to it and sorts of it cost now, against reading the same rows through the index.
 */
export function modelCost(judged: JudgedPlan, index: ModelIndex, prices: Prices): number {
  const total = judged.plan.Plan["Total Cost"];
  const scans = judged.placed.filter(
    (place) => relationOf(judged, place)?.oid === index.relation.oid && place.node["Node Type"] !== "Bitmap Index Scan",
  );
  const savings = scans.map((scan) => Math.max(0, ...savingsAt(judged, scan, index, prices)));
  return Math.max(total - savings.reduce((sum, saving) => sum + saving, 0), prices.random);
}

function savingsAt(judged: JudgedPlan, scan: PlacedNode, index: ModelIndex, prices: Prices): number[] {
  const inScan = [scan, ...scan.children].flatMap((place) => judged.conditions.get(place) ?? []);
  // A join condition inside a scan is a filter whose value comes from outside: a subquery or a nested loop.
  const filters = inScan.filter(({ key }) => key.alias === scan.node.Alias);
  const { used, share } = selectivity(judged, scan, index, filters);
  const lookup = used > 0 ? scanCost(scan, index.relation, prices) - readCost(index, share, prices) : 0;
  const once = [joinSaving(judged, scan, index, filters, prices), sortSaving(judged, scan, index, filters, prices)];
  return [lookup * timesRun(scan), ...once].map((saving) => saving * shareRead(scan));
}

/** What a scan itself costs: subqueries in its filter or output are in the plan's figure. */
function scanCost({ node }: PlacedNode, { pages, rows }: Relation, prices: Prices): number {
  if (node["Node Type"] !== "Seq Scan") return node["Total Cost"];
  return Math.min(node["Total Cost"], pages * prices.sequential + rows * (prices.tuple + prices.indexTuple));
}

/** Nodes that keep what they have read. */
const RUN_ONCE = new Set(["Materialize", "Hash", "Sort"]);

/** How often the plan runs a node: once for each row of what is joined or selected around it. */
function timesRun(place: PlacedNode): number {
  const { parent } = place;
  if (parent === undefined) return 1;
  if (RUN_ONCE.has(parent.node["Node Type"])) return 1;
  const [outer, inner] = parent.children;
  const perRow = place.node["Subplan Name"]?.startsWith("SubPlan") === true;
  if (perRow) return timesRun(parent) * parent.node["Plan Rows"];
  const isInner = parent.node["Node Type"] === "Nested Loop" && place === inner && outer !== undefined;
  return timesRun(parent) * (isInner ? Math.max(outer.node["Plan Rows"], 1) : 1);
}

/** The share of its input that a LIMIT above asks for. */
function shareRead({ parent, node }: PlacedNode): number {
  if (parent === undefined) return 1;
  const share =
    parent.node["Node Type"] === "Limit" ? parent.node["Total Cost"] / Math.max(node["Total Cost"], 0.01) : 1;
  return Math.min(share, 1) * shareRead(parent);
}

/**
 * Share of the table's rows that the index's leading keys leave, and how many keys they are.
 * @param joins conditions of a join above; the planner's rows of the scan know nothing of them
 */
function selectivity(
  judged: JudgedPlan,
  scan: PlacedNode,
  { relation, keys }: ModelIndex,
  filters: readonly Condition[],
  joins: readonly Condition[] = [],
) {
  const rows = Math.max(relation.rows, 1);
  const conditions = [...joins, ...filters];
  const least = joins.length > 0 ? 0 : Math.min(scan.node["Plan Rows"] / rows, 1);
  let share = 1;
  let used = 0;
  for (const key of keys) {
    const condition = conditions.find((candidate) => keyFor(candidate, relation, judged.freeCasts)?.key === key);
    const column = condition && relation.columns.get(condition.key.column);
    if (condition === undefined || column === undefined) break;
    used++;
    if (condition.kind === "range" || condition.kind === "prefix") {
      share *= RANGE;
      break;
    }
    share *= ((1 - column.nullFraction) / distinctValues(relation, column)) * (condition.kind === "list" ? LIST : 1);
  }
  return { used, share: used === filters.length && joins.length === 0 ? least : Math.max(share, least) };
}

/** What PostgreSQL guesses for a range it knows nothing of, and a usual length of IN lists. */
const RANGE = 1 / 3;
const LIST = 5;

/**
 * Reading a share of the rows through the index. Pages are Mackert and Lohman's, the cheaper the more of the table they
 * are, as in a bitmap scan; fewer where the table is in the index's order.
 */
function readCost({ relation, keys }: ModelIndex, share: number, prices: Prices): number {
  const rows = Math.max(relation.rows * share, 1);
  const pages = Math.max(relation.pages, 1);
  const fetched = Math.min(pages, (2 * pages * rows) / (2 * pages + rows));
  const scattered = fetched * (prices.random - (prices.random - prices.sequential) * Math.sqrt(fetched / pages));
  const together = prices.random + pages * share * prices.sequential;
  const order = (relation.columns.get(columnOf(keys[0] ?? ""))?.correlation ?? 0) ** 2;
  const leaves = 1 + (indexSize({ relation, keys }) / 8192) * share;
  const heap = scattered + order * (Math.min(together, scattered) - scattered);
  return leaves * prices.random + heap + rows * (prices.tuple + prices.indexTuple);
}

/** A join turned into one look-up for each row of the other side. */
function joinSaving(
  judged: JudgedPlan,
  scan: PlacedNode,
  index: ModelIndex,
  filters: readonly Condition[],
  prices: Prices,
): number {
  for (let place = scan; place.parent; place = place.parent) {
    const join = place.parent;
    const joins = (judged.conditions.get(join) ?? [])
      .concat(judged.conditions.get(scan) ?? [])
      .filter(({ kind, key }) => kind === "join" && key.alias === scan.node.Alias);
    const other = join.children.find((child) => child !== place);
    if (!join.node["Join Type"] || !other || joins.length === 0) continue;
    const { relation, keys } = index;
    const leads = joins.some((condition) => keyFor(condition, relation, judged.freeCasts)?.key === keys[0]);
    if (!leads) return 0;
    const { share } = selectivity(judged, scan, index, filters, joins);
    const now = join.node["Total Cost"] - other.node["Total Cost"];
    return now - other.node["Plan Rows"] * readCost(index, Math.min(share, 1), prices);
  }
  return 0;
}

/** A sort that the index's order makes needless: under LIMIT only the first rows are then read at all. */
function sortSaving(
  judged: JudgedPlan,
  scan: PlacedNode,
  index: ModelIndex,
  filters: readonly Condition[],
  prices: Prices,
): number {
  const sort = scan.parent;
  const sorted = sort && judged.sortKeys.get(sort);
  if (!sort || !sorted) return 0;
  const { relation } = index;
  const fixed = filters
    .filter(({ kind }) => kind === "equality")
    .map((condition) => keyFor(condition, relation, judged.freeCasts)?.key);
  const rest = index.keys.filter((key) => !fixed.includes(key));
  const wanted = orderedKeys(sorted, relation, judged.freeCasts);
  if (wanted === undefined || wanted.some(({ key }, place) => key !== rest[place])) return 0;
  const limit = sort.parent?.node["Node Type"] === "Limit" ? sort.parent.node["Plan Rows"] : sort.node["Plan Rows"];
  const part = Math.min(limit / Math.max(scan.node["Plan Rows"], 1), 1);
  const { share } = selectivity(judged, scan, index, filters);
  return sort.node["Total Cost"] - readCost(index, share * part, prices);
}
