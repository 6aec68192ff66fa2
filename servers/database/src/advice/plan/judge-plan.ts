import { defeatedIndex } from "./findings/defeated-index.js";
import { foreignKeys } from "./findings/foreign-keys.js";
import { jitCost } from "./findings/jit-cost.js";
import { misestimate } from "./findings/misestimate.js";
import { nestedLoop } from "./findings/nested-loop.js";
import { removedRows } from "./findings/removed-rows.js";
import { selectiveScan } from "./findings/selective-scan.js";
import { spill } from "./findings/spill.js";
import { staleStatistics } from "./findings/stale-statistics.js";
import { visibility } from "./findings/visibility.js";
import type { Finding, Judge, JudgedPlan } from "./judged-plan.js";

const JUDGES: readonly Judge[] = [
  selectiveScan,
  misestimate,
  nestedLoop,
  spill,
  removedRows,
  defeatedIndex,
  staleStatistics,
  jitCost,
  visibility,
  foreignKeys,
];

/** What is wrong with a plan, the costliest first. */
export const judgePlan = (judged: JudgedPlan): Finding[] =>
  JUDGES.flatMap((judge) => judge(judged)).sort((a, b) => b.weight - a.weight);
