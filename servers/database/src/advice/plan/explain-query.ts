import { ToolError } from "@mcp-reference/validation";

import type { ReadSession } from "../../engine/types.js";
import { type CompareResult, compareWithIndexes } from "../indexes/compare-with-indexes.js";
import { parseQuery } from "../parse.js";
import { judgePlan } from "./judge-plan.js";
import { type Finding, type JudgedPlan, readJudgedPlan } from "./judged-plan.js";
import { planStatement } from "./plan-statement.js";
import { planTree } from "./plan-tree.js";

export interface ExplainRequest {
  sql: string;
  params?: readonly unknown[] | undefined;
  /** Runs the statement, for actual rows and times. */
  analyze?: boolean | undefined;
  /** CREATE INDEX statements to plan with. */
  hypotheticalIndexes?: readonly string[] | undefined;
}

export interface Explanation {
  tree: string;
  findings: Finding[];
  judged: JudgedPlan;
  /** Planned for any values of `$1`, `$2`, …, because none were given. */
  generic: boolean;
  comparison?: CompareResult | undefined;
}

/**
 * Explains one query: its plan in words and what is wrong with it. Nothing is executed without `analyze`.
 * @throws ToolError as the gate refuses it; INVALID_ARGUMENT when it cannot be parsed or planned
 */
export async function explainQuery(session: ReadSession, request: ExplainRequest): Promise<Explanation> {
  const { sql, params = [], analyze = false, hypotheticalIndexes = [] } = request;
  await session.check(sql);
  const { parameters } = await parseQuery(sql);
  const generic = parameters > 0 && params.length === 0;
  if (generic && analyze) {
    throw new ToolError(
      "INVALID_ARGUMENT",
      `analyze runs the query, which needs values for its ${parameters} parameters`,
      {
        hint: "Give params, or leave analyze out for a plan for any values",
      },
    );
  }
  const given = { params: generic ? undefined : params };
  const plan = await planStatement(session, sql, parameters, { ...given, analyze });
  const judged = await readJudgedPlan(session, plan);
  return {
    tree: planTree(plan),
    findings: judgePlan(judged),
    judged,
    generic,
    comparison:
      hypotheticalIndexes.length === 0
        ? undefined
        : await compareWithIndexes(session, judged, hypotheticalIndexes, () =>
            planStatement(session, sql, parameters, given),
          ),
  };
}
