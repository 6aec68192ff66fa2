import { count, percent } from "../../amounts.js";
import { coveringIndex, createIndex, keysFor } from "../index-keys.js";
import { type Judge, nodeName, relationOf } from "../judged-plan.js";
import { rowsGiven, rowsRemoved } from "../plan-node.js";

const MOSTLY = 0.9;
const ROWS = 1000;

/** Rows found by an index, or joined, and then mostly thrown away. */
export const removedRows: Judge = (judged) =>
  judged.placed.flatMap((place) => {
    const [removed, given] = [rowsRemoved(place), rowsGiven(place) ?? 0];
    const share = removed / Math.max(removed + given, 1);
    if (place.node["Node Type"] === "Seq Scan" || removed < ROWS || share < MOSTLY) return [];
    const relation = relationOf(judged, place);
    const children = place.children.flatMap((child) => judged.conditions.get(child) ?? []);
    const conditions = [...(judged.conditions.get(place) ?? []), ...children];
    const keys = relation ? keysFor(conditions, relation, judged.freeCasts) : [];
    const better = relation && keys.length > 0 && !coveringIndex(relation, keys) && createIndex(relation, keys);
    return {
      weight: judged.shares.get(place) ?? 0,
      found: `${nodeName(place)}: ${count(removed)} rows were fetched and then dropped by a filter (${percent(share)})`,
      advice: better
        ? `Let the index do the filtering: ${better}`
        : "Move the filter to where the rows are read, or join on more columns",
    };
  });
