import { count, times } from "../../amounts.js";
import { type Judge, type JudgedPlan, nodeName, relationOf } from "../judged-plan.js";
import { type PlacedNode, rowsExpected, rowsGiven } from "../plan-node.js";

const FACTOR = 10;
/** Below this many rows a wrong guess changes no plan. */
const ROWS = 100;

/** Row counts that were guessed wrong by ten times or more, where the error begins. */
export const misestimate: Judge = (judged) =>
  judged.placed
    .filter((place) => isWrong(place) && !place.children.some(isWrong))
    .map((place) => {
      const [expected, given] = [rowsExpected(place), rowsGiven(place) ?? 0];
      const factor = Math.max(expected, 1) / Math.max(given, 1);
      return {
        weight: upwardShare(judged.shares, place),
        found: `${nodeName(place)}: ${count(given)} rows where ${count(expected)} were expected (${times(Math.max(factor, 1 / factor))} ${factor < 1 ? "more" : "fewer"})`,
        advice: remedy(judged, place),
      };
    });

function isWrong(place: PlacedNode): boolean {
  const given = rowsGiven(place);
  if (given === undefined || place.node["Actual Loops"] === 0) return false;
  const expected = rowsExpected(place);
  if (Math.max(given, expected) < ROWS) return false;
  if (given < expected && stopsEarly(place)) return false;
  const factor = Math.max(expected, 1) / Math.max(given, 1);
  return factor >= FACTOR || factor <= 1 / FACTOR;
}

/** Nodes that read all of their input before they give a row. */
const READS_ALL = new Set(["Sort", "Hash", "Aggregate", "Materialize", "Bitmap Heap Scan"]);

/** LIMIT, or a join that has found its match, asks for no more rows. */
function stopsEarly({ parent, node }: PlacedNode): boolean {
  if (node["Subplan Name"] !== undefined) return true;
  if (parent === undefined) return false;
  const { "Node Type": type, "Join Type": join } = parent.node;
  if (type === "Limit" || type === "Merge Join" || join === "Semi" || join === "Anti") return true;
  return READS_ALL.has(type) ? false : stopsEarly(parent);
}

/** A wrong guess costs what the nodes above it spend. */
function upwardShare(shares: JudgedPlan["shares"], place: PlacedNode): number {
  const own = shares.get(place) ?? 0;
  return place.parent ? own + upwardShare(shares, place.parent) : own;
}

function remedy(judged: JudgedPlan, place: PlacedNode): string {
  const relation = relationOf(judged, place);
  const keys = (judged.conditions.get(place) ?? []).map(({ key }) => key);
  const columns = [...new Set(keys.map(({ column }) => column))];
  if (relation === undefined) return "Look at the estimates below it first; ANALYZE the tables involved";
  const call = keys.flatMap(({ applied }) => (applied?.kind === "call" ? applied.sql : []))[0];
  if (call !== undefined && judged.serverVersion >= 140_000) {
    return `CREATE STATISTICS ON (${call}) FROM ${relation.label}; then ANALYZE ${relation.label}`;
  }
  if (columns.length > 1) {
    const names = columns.map((name) => relation.columns.get(name)?.quoted ?? name).join(", ");
    // PostgreSQL multiplies the columns' selectivities as if they had nothing to do with each other.
    return `If these columns depend on each other: CREATE STATISTICS ${relation.name}_stats ON ${names} FROM ${relation.label}; then ANALYZE ${relation.label}`;
  }
  const finer = columns[0] && relation.columns.get(columns[0])?.quoted;
  return finer
    ? `ANALYZE ${relation.label}; if it stays: ALTER TABLE ${relation.label} ALTER COLUMN ${finer} SET STATISTICS 1000, then ANALYZE`
    : `ANALYZE ${relation.label}`;
}
