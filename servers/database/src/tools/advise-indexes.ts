import { reads } from "@mcp-reference/runtime";
import * as z from "zod";
import { adviseIndexes as advise } from "../advice/indexes/advise-indexes.js";
import { statementLine } from "../advice/statement-line.js";
import { tool } from "../define.js";
import { databaseName } from "../fields.js";

const cost = z.number().describe("Planner's units");

export const adviseIndexes = tool({
  name: "advise_indexes",
  description:
    "Propose indexes for queries, or for what pg_stat_statements recorded, with gain and size. Creates nothing.",
  effect: reads(),
  set: "tune",
  input: z.strictObject({
    queries: z.array(z.string().min(1)).min(1).max(20).optional().describe("SELECTs; $1 needs no value"),
    workload: z.boolean().optional().describe("Recorded queries; default without queries"),
    max_indexes: z.number().int().min(1).max(20).default(5).describe("Most to propose"),
    database: databaseName,
  }),
  output: z.object({
    method: z.enum(["hypopg", "model"]).describe("model: rough, by this server's own reckoning"),
    indexes: z
      .array(
        z.object({
          sql: z.string().describe("CREATE INDEX"),
          reason: z.string().describe("Why"),
          size_bytes: z.number().describe("Estimate"),
          cost_before: cost,
          cost_after: cost,
        }),
      )
      .describe("Best first"),
    queries: z
      .array(z.object({ query: z.string().describe("On one line"), cost_before: cost, cost_after: cost }))
      .describe("That would gain"),
    skipped: z
      .array(
        z.object({
          why: z.string().describe("Reason"),
          statements: z.number().describe("How many"),
          first: z.string().describe("One of them"),
        }),
      )
      .describe("Not looked at"),
    notes: z.array(z.string()).describe("Limits of the advice"),
  }),
  async handle({ queries, workload, max_indexes, database }, { databases, signal }) {
    const advice = await databases
      .get(database)
      .read((session) => advise(session, { queries, workload, maxIndexes: max_indexes }), { signal });
    return {
      method: advice.method,
      indexes: advice.indexes.map(({ sql, reason, size, before, after }) => ({
        sql,
        reason,
        size_bytes: size,
        cost_before: Math.round(before),
        cost_after: Math.round(after),
      })),
      queries: advice.queries.map(({ sql, before, after }) => ({
        query: statementLine(sql),
        cost_before: Math.round(before),
        cost_after: Math.round(after),
      })),
      skipped: advice.skipped.map(({ why, statements, first }) => ({ why, statements, first: statementLine(first) })),
      notes: advice.notes,
    };
  },
});
