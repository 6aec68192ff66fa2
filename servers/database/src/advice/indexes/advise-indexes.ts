import { ToolError } from "@mcp-reference/validation";
import type { ReadSession } from "../../engine/types.js";
import { parseQuery } from "../parse.js";
import { readJudgedPlan } from "../plan/judged-plan.js";
import { planStatement } from "../plan/plan-statement.js";
import { attempt } from "../scratch.js";
import { topQueries } from "../workload/top-queries.js";
import type { AdvisedIndex, AdvisedQuery } from "./advised.js";
import { type Candidate, candidatesFor, distinct } from "./candidates.js";
import { chooseIndexes } from "./choose-indexes.js";
import { indexSize, modelCost, readPrices } from "./cost-model.js";
import { WITHOUT_HYPOPG, withHypopg } from "./hypothetical.js";
import { hypopgTrial, type Trial } from "./trial.js";

export interface AdviceRequest {
  queries?: readonly string[] | undefined;
  /** Statements of pg_stat_statements too. */
  workload?: boolean | undefined;
  maxIndexes: number;
}

export interface Advice {
  method: "hypopg" | "model";
  indexes: AdvisedIndex[];
  /** Each query's cost without and with all advised indexes. */
  queries: { sql: string; before: number; after: number }[];
  /** Statements of the workload that were left out, by the reason. */
  skipped: { why: string; statements: number; first: string }[];
  notes: string[];
}

/** Statements taken from the workload. */
const WORKLOAD = 20;
/** Each is planned with every query that reads its table, in every round. */
const CANDIDATES = 60;

/**
 * Proposes indexes for queries, judged together.
 * @throws ToolError as the gate refuses one of `queries`; UNSUPPORTED or UNAVAILABLE without pg_stat_statements
 */
export async function adviseIndexes(session: ReadSession, request: AdviceRequest): Promise<Advice> {
  const { queries = [], workload = queries.length === 0, maxIndexes } = request;
  const skipped = new Map<string, Advice["skipped"][number]>();
  const advised: AdvisedQuery[] = [];
  for (const sql of queries) advised.push(await readQuery(session, sql, 1));
  if (workload) {
    for (const { query, calls } of (await topQueries(session, "total_time", WORKLOAD)).queries) {
      const read = await attempt(session, () => readQuery(session, query, calls));
      if (read.ok) advised.push(read.value);
      else skip(skipped, query, read.problem);
    }
  }
  const candidates = distinct(advised.flatMap(({ judged }) => candidatesFor(judged))).slice(0, CANDIDATES);
  return withHypopg(session, async (hypopg) => {
    const trial = hypopg ? hypopgTrial(session, hypopg) : await modelTrial(session);
    const { indexes, costs } = await chooseIndexes(advised, candidates, trial, maxIndexes);
    return {
      method: hypopg ? "hypopg" : "model",
      indexes,
      queries: advised.map((query, place) => ({
        sql: query.sql,
        before: query.judged.plan.Plan["Total Cost"],
        after: costs[place] ?? query.judged.plan.Plan["Total Cost"],
      })),
      skipped: [...skipped.values()],
      notes: [...(indexes.length > 0 ? [CAVEAT] : []), ...(hypopg ? [] : [WITHOUT_HYPOPG])],
    };
  });
}

function skip(skipped: Map<string, Advice["skipped"][number]>, first: string, why: string) {
  const group = skipped.get(why) ?? { why, statements: 0, first };
  group.statements++;
  skipped.set(why, group);
}

const CAVEAT =
  "Every index slows down writes to its table and takes disk; CONCURRENTLY must run outside a transaction and leaves an invalid index when it fails";

async function readQuery(session: ReadSession, sql: string, weight: number): Promise<AdvisedQuery> {
  await session.check(sql);
  const { parameters } = await parseQuery(sql);
  const plan = await planStatement(session, sql, parameters);
  const judged = await readJudgedPlan(session, plan);
  // The system's own tables cannot be indexed.
  if (
    [...judged.relations.values()].every(({ schema }) => schema === "pg_catalog" || schema === "information_schema")
  ) {
    throw new ToolError("UNSUPPORTED", "it reads no table that could be indexed");
  }
  return { sql, parameters, weight, judged };
}

/** The cost model in HypoPG's place. Indexes add up in it only by the best of them. */
async function modelTrial(session: ReadSession): Promise<Trial> {
  const prices = await readPrices(session);
  const chosen: Candidate[] = [];
  const cost = ({ judged }: AdvisedQuery, candidates: readonly Candidate[]) =>
    Math.min(
      judged.plan.Plan["Total Cost"],
      ...candidates.map(({ relation, keys }) =>
        modelCost(judged, { relation, keys: keys.map(({ key }) => key) }, prices),
      ),
    );
  return {
    async try(candidate, queries) {
      const { relation, keys, included } = candidate;
      const size = indexSize({ relation, keys: keys.map(({ key }) => key) }, included);
      // It knows nothing of index-only scans.
      if (included.length > 0) return undefined;
      return { costs: queries.map((query) => cost(query, [...chosen, candidate])), size };
    },
    async keep(candidate) {
      chosen.push(candidate);
    },
  };
}
