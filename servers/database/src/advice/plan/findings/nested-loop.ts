import { count } from "../../amounts.js";
import { coveringIndex, createIndex, keysFor } from "../index-keys.js";
import { type Judge, type JudgedPlan, nodeName, relationOf } from "../judged-plan.js";
import { type PlacedNode, rowsGiven } from "../plan-node.js";

const ROUNDS = 1000;
/** What takes less than this share is left alone. */
const SHARE = 0.1;

/** Nested loops whose inner side ran for many rows. */
export const nestedLoop: Judge = (judged) =>
  judged.placed.flatMap((place) => {
    const [outer, inner] = place.children;
    if (place.node["Node Type"] !== "Nested Loop" || !outer || !inner) return [];
    const rounds = rowsGiven(outer) ?? outer.node["Plan Rows"];
    const below = subtree(inner);
    const weight = below.reduce((sum, node) => sum + (judged.shares.get(node) ?? 0), judged.shares.get(place) ?? 0);
    if (rounds < ROUNDS || weight < SHARE) return [];
    const scan = below.find(({ node }) => node["Relation Name"] !== undefined) ?? inner;
    return {
      weight,
      found: `nested loop: ${nodeName(scan)} is visited for each of ${count(rounds)} rows`,
      advice: advice(judged, place, below),
    };
  });

function advice(judged: JudgedPlan, loop: PlacedNode, below: PlacedNode[]): string {
  const scan = below.find(({ node }) => node["Node Type"] === "Seq Scan");
  const relation = scan && relationOf(judged, scan);
  if (scan && relation) {
    const conditions = [loop, ...below].flatMap((place) => judged.conditions.get(place) ?? []);
    const own = conditions.filter(({ key }) => key.alias === scan.node.Alias);
    const keys = keysFor(own, relation, judged.freeCasts);
    if (keys.length > 0 && !coveringIndex(relation, keys)) return createIndex(relation, keys);
  }
  return "A hash join would read it once: make the row estimate of the outer side right (ANALYZE, CREATE STATISTICS), or narrow the outer side first";
}

const subtree = (place: PlacedNode): PlacedNode[] => [place, ...place.children.flatMap(subtree)];
