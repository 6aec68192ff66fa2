import type { ObjectId } from "../object-id.js";
import type { Visit } from "./traversal.js";

/** No commit before all of its children, and one line of history after another: git's `--topo-order`. */
export function topologicalOrder(visits: readonly Visit[]): Visit[] {
  const within = new Map(visits.map((visit) => [visit.oid, visit]));
  const children = childCounts(visits, within);
  // Last in, first out; the first tip is to come first.
  const ready = visits.filter(({ oid }) => !children.has(oid)).reverse();
  const ordered: Visit[] = [];
  for (let visit = ready.pop(); visit !== undefined; visit = ready.pop()) {
    ordered.push(visit);
    for (const oid of visit.parents) {
      const parent = within.get(oid);
      if (parent === undefined) continue;
      const left = (children.get(oid) ?? 0) - 1;
      children.set(oid, left);
      if (left === 0) ready.push(parent);
    }
  }
  return ordered;
}

function childCounts(visits: readonly Visit[], within: ReadonlyMap<ObjectId, Visit>): Map<ObjectId, number> {
  const counts = new Map<ObjectId, number>();
  for (const { parents } of visits) {
    for (const oid of parents) if (within.has(oid)) counts.set(oid, (counts.get(oid) ?? 0) + 1);
  }
  return counts;
}
