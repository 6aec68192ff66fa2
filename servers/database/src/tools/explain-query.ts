import { reads, text } from "@mcp-reference/runtime";
import * as z from "zod";
import { explainQuery as explain } from "../advice/plan/explain-query.js";
import { explanationText } from "../advice/plan/explanation-text.js";
import { tool } from "../define.js";
import { databaseName, parameters, sql } from "../fields.js";

export const explainQuery = tool({
  name: "explain_query",
  description:
    "Explain a slow query: its plan in words, what is wrong with it and what to do. Runs it only with analyze.",
  effect: reads(),
  set: "tune",
  input: z.strictObject({
    sql,
    params: parameters.optional(),
    analyze: z.boolean().default(false).describe("Run it for actual rows and times"),
    hypothetical_indexes: z.array(z.string()).max(10).optional().describe("CREATE INDEX statements to plan with"),
    database: databaseName,
  }),
  async handle({ sql, params, analyze, hypothetical_indexes, database }, { databases, signal, maxOutput }) {
    const explanation = await databases
      .get(database)
      .read((session) => explain(session, { sql, params, analyze, hypotheticalIndexes: hypothetical_indexes }), {
        signal,
      });
    const { body, note } = explanationText(explanation, maxOutput);
    return text(body, note);
  },
});
