import { reads } from "@mcp-reference/runtime";
import * as z from "zod";
import { statementLine } from "../advice/statement-line.js";
import { orders, topQueries } from "../advice/workload/top-queries.js";
import { tool } from "../define.js";
import { databaseName } from "../fields.js";

/** Characters of a statement. */
const LONGEST = 300;

export const listTopQueries = tool({
  name: "list_top_queries",
  description: "List the statements that cost this database most, from pg_stat_statements.",
  effect: reads(),
  set: "tune",
  input: z.strictObject({
    order_by: z.enum(orders).default("total_time").describe("Largest first"),
    limit: z.number().int().min(1).max(100).default(10).describe("Statements"),
    database: databaseName,
  }),
  output: z.object({
    since: z.string().optional().describe("When counting began, UTC"),
    queries: z
      .array(
        z.object({
          share_percent: z.number().describe("Of all statements' time"),
          calls: z.number().describe("How often"),
          total_ms: z.number().describe("All calls"),
          mean_ms: z.number().describe("A call"),
          rows: z.number().describe("Given or changed"),
          cache_percent: z.number().nullable().describe("Blocks found in shared_buffers"),
          read_blocks: z.number().describe("From disk or the system's cache"),
          temp_blocks: z.number().describe("Spilled to disk"),
          query: z.string().describe("Cut after 300 characters"),
        }),
      )
      .describe("In the order asked for"),
    hidden: z.number().optional().describe("Statements of other roles: GRANT pg_read_all_stats shows them"),
  }),
  async handle({ order_by, limit, database }, { databases, signal }) {
    const { queries, since, hidden } = await databases
      .get(database)
      .read((session) => topQueries(session, order_by, limit), { signal });
    return {
      since,
      queries: queries.map(({ query, calls, total, mean, rows, hit, read, temp, share }) => ({
        share_percent: rounded(share * 100, 1),
        calls,
        total_ms: rounded(total, 1),
        mean_ms: rounded(mean, 3),
        rows,
        cache_percent: hit + read === 0 ? null : rounded((100 * hit) / (hit + read), 1),
        read_blocks: read,
        temp_blocks: temp,
        query: statementLine(query, LONGEST),
      })),
      ...(hidden > 0 && { hidden }),
    };
  },
});

const rounded = (amount: number, digits: number) => Number(amount.toFixed(digits));
