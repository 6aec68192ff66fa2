import type { ReadSession } from "../../engine/types.js";
import type { JudgedPlan } from "../plan/judged-plan.js";
import { type Plan, placeNodes } from "../plan/plan-node.js";
import { planTree } from "../plan/plan-tree.js";
import { modelCost, readPrices } from "./cost-model.js";
import { type HypotheticalIndex, WITHOUT_HYPOPG, withHypopg } from "./hypothetical.js";
import { type IndexDefinition, parseIndex, relationFor } from "./index-definition.js";

/** A plan with and without indexes that do not exist. */
export interface CompareResult {
  /** The planner's own answer, or this server's rough model. */
  method: "hypopg" | "model";
  before: number;
  after: number;
  /** The plan with them; only from HypoPG. */
  tree?: string | undefined;
  indexes: { sql: string; used: boolean | undefined; size: number | undefined }[];
  note?: string | undefined;
}

/**
 * Plans a query as if indexes existed.
 * @param planAgain without running it: HypoPG has no rows to read
 * @throws ToolError INVALID_ARGUMENT for what is not CREATE INDEX, or not on this database's tables
 */
export async function compareWithIndexes(
  session: ReadSession,
  judged: JudgedPlan,
  statements: readonly string[],
  planAgain: () => Promise<Plan>,
): Promise<CompareResult> {
  const definitions = await Promise.all(statements.map(parseIndex));
  const before = judged.plan.Plan["Total Cost"];
  return withHypopg(session, async (hypopg) => {
    if (hypopg === undefined) return model(session, judged, definitions);
    const made: { sql: string; index: HypotheticalIndex }[] = [];
    for (const { sql } of definitions) made.push({ sql, index: await hypopg.create(sql) });
    const plan = await planAgain();
    const used = usedIndexes(plan);
    return {
      method: "hypopg",
      before,
      after: plan.Plan["Total Cost"],
      tree: planTree(plan),
      indexes: made.map(({ sql, index }) => ({ sql, used: used.has(index.name), size: index.size })),
    };
  });
}

/** Names of the indexes that a plan reads. */
const usedIndexes = (plan: Plan) => new Set(placeNodes(plan).map(({ node }) => node["Index Name"]));

async function model(session: ReadSession, judged: JudgedPlan, definitions: IndexDefinition[]): Promise<CompareResult> {
  const prices = await readPrices(session);
  const before = judged.plan.Plan["Total Cost"];
  const costs = definitions.map((definition) => {
    const relation = relationFor(definition, judged.relations.values());
    if (relation === undefined || definition.method !== "btree") return before;
    return modelCost(judged, { relation, keys: definition.keys }, prices);
  });
  return {
    method: "model",
    before,
    after: Math.min(before, ...costs),
    indexes: definitions.map(({ sql }) => ({ sql, used: undefined, size: undefined })),
    note: `${WITHOUT_HYPOPG}; it knows plain b-trees only, each on its own.`,
  };
}
