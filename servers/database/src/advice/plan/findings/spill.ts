import { bytes } from "../../amounts.js";
import type { Judge } from "../judged-plan.js";
import type { PlanNode } from "../plan-node.js";

/** Sorts and hashes that did not fit into work_mem and went to disk. */
export const spill: Judge = ({ placed, shares }) =>
  placed.flatMap((place) => {
    const spilled = spilledKilobytes(place.node);
    if (spilled === undefined) return [];
    // What is packed tightly on disk takes two to three times as much in memory.
    const needed = 2 ** Math.ceil(Math.log2(Math.max((spilled * 2.5) / 1024, 8)));
    return {
      weight: (shares.get(place) ?? 0) + (place.parent ? (shares.get(place.parent) ?? 0) : 0),
      found: `${place.node["Node Type"].toLowerCase()} spilled ${bytes(spilled * 1024)} to disk: it did not fit into work_mem`,
      advice: `SET LOCAL work_mem = '${needed}MB' for this query${place.node["Sort Key"] ? ", or an index that gives this order" : ""}, or fewer and narrower rows`,
    };
  });

function spilledKilobytes(node: PlanNode): number | undefined {
  if (node["Sort Space Type"] === "Disk") return node["Sort Space Used"] ?? 0;
  if (node["Disk Usage"]) return node["Disk Usage"];
  const batches = node["Hash Batches"] ?? 1;
  // Each batch but the one in memory was written.
  return batches > 1 ? (node["Peak Memory Usage"] ?? 0) * (batches - 1) : undefined;
}
