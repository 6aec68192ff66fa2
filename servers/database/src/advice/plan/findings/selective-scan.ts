import { count, percent } from "../../amounts.js";
import type { Relation } from "../../relations/relation.js";
import { coveringIndex, createIndex, keysFor } from "../index-keys.js";
import { type Judge, type JudgedPlan, nodeName, relationOf } from "../judged-plan.js";
import { type PlacedNode, rowsGiven, rowsRemoved } from "../plan-node.js";

/** A filter that lets through less than this is what indexes are for. */
const SELECTIVE = 0.1;
/** Smaller tables are read faster than an index. */
const ROWS = 1000;

/** Whole tables read for a few of their rows. */
export const selectiveScan: Judge = (judged) =>
  judged.placed.flatMap((place) => {
    const relation = relationOf(judged, place);
    if (place.node["Node Type"] !== "Seq Scan" || place.node.Filter === undefined || relation === undefined) return [];
    const { kept, read } = rows(place, relation);
    if (read < ROWS || kept > read * SELECTIVE) return [];
    return {
      weight: judged.shares.get(place) ?? 0,
      found: `${nodeName(place)}: all ${count(read)} rows are read to keep ${count(kept)} (${percent(kept / read)})`,
      advice: advice(judged, place, relation),
    };
  });

function rows(place: PlacedNode, relation: Relation) {
  const given = rowsGiven(place);
  if (given === undefined) return { kept: place.node["Plan Rows"], read: relation.rows };
  return { kept: given, read: given + rowsRemoved(place) };
}

function advice(judged: JudgedPlan, place: PlacedNode, relation: Relation): string {
  const keys = keysFor(judged.conditions.get(place) ?? [], relation, judged.freeCasts);
  if (keys.length === 0) return "No plain index serves this filter: rewrite it to compare a column with a value";
  const existing = coveringIndex(relation, keys);
  if (existing)
    return `Index ${existing.name} could serve it but was judged dearer: ANALYZE, and check random_page_cost`;
  return `${createIndex(relation, keys)} (try it with hypothetical_indexes)`;
}
