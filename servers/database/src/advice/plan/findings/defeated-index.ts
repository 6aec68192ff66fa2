import { indexesOn } from "../../relations/relation.js";
import type { Condition } from "../conditions.js";
import { isFree } from "../index-keys.js";
import { type Judge, type JudgedPlan, relationOf, scanOf } from "../judged-plan.js";

/** Indexes that cannot be used because their column is wrapped in a function or cast to another type. */
export const defeatedIndex: Judge = (judged) => {
  const conditions = [...judged.conditions].flatMap(([place, found]) =>
    found.map((condition) => ({ place, condition })),
  );
  const findings = conditions.flatMap(({ place, condition }) => {
    const scan = scanOf(judged, condition.key.alias);
    const words = scan && explain(judged, condition, relationOf(judged, scan));
    return words ? [{ weight: Math.max(judged.shares.get(scan) ?? 0, judged.shares.get(place) ?? 0), ...words }] : [];
  });
  return [...new Map(findings.map((finding) => [finding.found, finding])).values()];
};

function explain(judged: JudgedPlan, { key }: Condition, relation: ReturnType<typeof relationOf>) {
  const column = relation?.columns.get(key.column);
  const index = column && relation && indexesOn(relation, column.name)[0];
  if (!index || !relation || !key.applied) return undefined;
  if (key.applied.kind === "call") {
    const { sql } = key.applied;
    if (indexesOn(relation, sql).length > 0) return undefined;
    return {
      found: `${sql}: index ${index.name} cannot serve a condition on something computed from ${column.quoted}`,
      advice: `Compare ${column.quoted} itself, or CREATE INDEX CONCURRENTLY ON ${relation.indexedOn} ((${sql}))`,
    };
  }
  if (isFree(column, key.applied.type, judged.freeCasts)) return undefined;
  return {
    found: `${column.quoted} is ${column.type} but compared as ${key.applied.type}, so index ${index.name} cannot serve it`,
    advice: `Give the value the type of the column: CAST(… AS ${column.type})`,
  };
}
