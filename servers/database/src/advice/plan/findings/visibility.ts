import { count } from "../../amounts.js";
import { type Judge, nodeName, relationOf } from "../judged-plan.js";

const ROWS = 1000;

/** Reads that cost more than they should because VACUUM or memory is behind. */
export const visibility: Judge = (judged) =>
  judged.placed.flatMap((place) => {
    const weight = judged.shares.get(place) ?? 0;
    const [fetches = 0, lossy = 0] = [place.node["Heap Fetches"], place.node["Lossy Heap Blocks"]];
    const label = relationOf(judged, place)?.label ?? nodeName(place);
    return [
      ...(fetches >= ROWS
        ? [
            {
              weight,
              found: `${nodeName(place)}: ${count(fetches)} rows of an index-only scan were looked up in the table`,
              advice: `VACUUM ${label}`,
            },
          ]
        : []),
      ...(lossy >= ROWS
        ? [
            {
              weight,
              found: `${nodeName(place)}: the bitmap did not fit into work_mem (${count(lossy)} lossy blocks)`,
              advice: "Raise work_mem for this query",
            },
          ]
        : []),
    ];
  });
