import { duration, percent } from "../../amounts.js";
import type { Judge } from "../judged-plan.js";

const SHARE = 0.2;

/** Compiling the query took a good part of running it. */
export const jitCost: Judge = ({ plan }) => {
  const [spent, total] = [plan.JIT?.Timing?.Total ?? 0, plan["Execution Time"] ?? 0];
  if (total === 0 || spent / total < SHARE) return [];
  return [
    {
      weight: spent / total,
      found: `JIT compilation took ${duration(spent)} of ${duration(total)} (${percent(spent / total)})`,
      advice: "SET LOCAL jit = off for this query, or raise jit_above_cost",
    },
  ];
};
