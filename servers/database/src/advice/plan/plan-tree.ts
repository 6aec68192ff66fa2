import { bytes, count, duration, percent, times } from "../amounts.js";
import { nodeWords } from "./node-words.js";
import {
  ownShares,
  type PlacedNode,
  type Plan,
  placeNodes,
  rowsExpected,
  rowsGiven,
  rowsRemoved,
  timeOf,
} from "./plan-node.js";

/** Nodes shown at most; a plan over hundreds of partitions tells no more than its first. */
const MOST_NODES = 150;
const BLOCK = 8192;

/**
 * A plan as an indented tree, one line a node: what it does, rows (estimated, and actual where it ran), its own share of
 * the time or cost, loops, rows thrown away, memory, disk and blocks read.
 */
export function planTree(plan: Plan): string {
  const placed = placeNodes(plan);
  const shares = ownShares(placed);
  const lines = placed
    .slice(0, MOST_NODES)
    .map((place) => `${"  ".repeat(place.depth)}${nodeWords(place.node)} — ${figures(place, shares.get(place) ?? 0)}`);
  const hidden = placed.length - MOST_NODES;
  return [...lines, ...(hidden > 0 ? [`… ${hidden} more nodes`] : []), totals(plan)].join("\n");
}

function figures(place: PlacedNode, share: number): string {
  const { node } = place;
  const given = rowsGiven(place);
  if (given === undefined) {
    return `~${count(node["Plan Rows"])} rows, cost ${count(node["Total Cost"])} (${percent(share)} own)`;
  }
  if (node["Actual Loops"] === 0) return `never run, ~${count(node["Plan Rows"])} rows`;
  const loops = (node["Actual Loops"] ?? 1) / place.processes;
  return [
    `${count(given)} rows (~${count(rowsExpected(place))} est)`,
    `${duration(timeOf(place) ?? 0)} (${percent(share)} own)`,
    loops >= 2 && `${count(loops)} loops`,
    rowsRemoved(place) > 0 && `${count(rowsRemoved(place))} rows dropped`,
    ...memory(node),
    ...blocks(place),
  ]
    .filter(Boolean)
    .join(", ");
}

function memory(node: PlacedNode["node"]): string[] {
  const kilobytes = (amount: number) => bytes(amount * 1024);
  const used = node["Sort Space Used"];
  if (used !== undefined) return [`${kilobytes(used)} ${node["Sort Space Type"] === "Disk" ? "on DISK" : "memory"}`];
  const batches = Math.max(node["Hash Batches"] ?? 1, (node["HashAgg Batches"] ?? 0) + 1);
  return [
    ...(node["Peak Memory Usage"] ? [`${kilobytes(node["Peak Memory Usage"])} memory`] : []),
    ...(batches > 1 ? [`${batches} batches on DISK`] : []),
  ];
}

/** What a node read itself: PostgreSQL counts what is below it too. */
function blocks({ node }: PlacedNode): string[] {
  const own = (key: "Shared Hit Blocks" | "Shared Read Blocks") =>
    (node[key] ?? 0) - (node.Plans ?? []).reduce((sum, child) => sum + (child[key] ?? 0), 0);
  const [hit, read] = [own("Shared Hit Blocks"), own("Shared Read Blocks")];
  return [...(hit > 0 ? [`${bytes(hit * BLOCK)} cached`] : []), ...(read > 0 ? [`${bytes(read * BLOCK)} read`] : [])];
}

function totals({ Plan, JIT, "Planning Time": planning, "Execution Time": execution }: Plan): string {
  if (execution === undefined) return `Cost ${count(Plan["Total Cost"])}; not run`;
  const jit = JIT?.Timing && `, of it JIT ${duration(JIT.Timing.Total)}`;
  return `Ran ${duration(execution)}${jit ?? ""}, planned ${duration(planning ?? 0)}`;
}

/** Cost of two plans side by side: `1,693 → 8.4 (201× cheaper)`. */
export function costChange(before: number, after: number): string {
  const factor = before / Math.max(after, 0.01);
  const verdict = factor >= 1.01 ? `${times(factor)} cheaper` : factor <= 0.99 ? "dearer" : "no change";
  return `${count(before)} → ${count(after)} (${verdict})`;
}
