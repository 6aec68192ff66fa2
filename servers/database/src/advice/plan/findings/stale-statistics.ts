import { count } from "../../amounts.js";
import { type Judge, relationOf } from "../judged-plan.js";

const CHANGED = 0.2;
const ROWS = 500;

/** Tables whose statistics are missing or tell of other data. */
export const staleStatistics: Judge = (judged) =>
  [...judged.relations.values()].flatMap((relation) => {
    const { label, modified, rows, analyzed } = relation;
    const weight = judged.placed
      .filter((place) => relationOf(judged, place) === relation)
      .reduce((sum, place) => sum + (judged.shares.get(place) ?? 0), 0);
    const advice = `ANALYZE ${label}`;
    if (!analyzed) return [{ weight, found: `${label} was never analyzed: every estimate for it is a guess`, advice }];
    if (modified < ROWS || modified < rows * CHANGED) return [];
    return [
      {
        weight,
        found: `${count(modified)} rows of ${label} changed since its last ANALYZE (it had ${count(rows)})`,
        advice,
      },
    ];
  });
