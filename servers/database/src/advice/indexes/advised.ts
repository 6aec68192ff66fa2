import type { JudgedPlan } from "../plan/judged-plan.js";

/** A query that was looked at. */
export interface AdvisedQuery {
  sql: string;
  parameters: number;
  /** How much it counts: calls in the workload, else 1. */
  weight: number;
  judged: JudgedPlan;
}

export interface AdvisedIndex {
  sql: string;
  reason: string;
  /** Bytes. */
  size: number;
  /** Cost of all queries, weighted, without and with it beside those advised before it. */
  before: number;
  after: number;
}
