import { reads } from "@mcp-reference/runtime";
import * as z from "zod";
import { cutRows } from "../catalog/cut-rows.js";
import { sampleRows } from "../catalog/sample-rows.js";
import { tool } from "../define.js";
import { databaseName } from "../fields.js";
import { pageOutput } from "../format/page-output.js";
import { tableLine } from "../format/table.js";

/** Bytes of all values before long ones are cut. */
const MOST_READ = 4 * 1024 * 1024;

export const sampleTable = tool({
  name: "sample_table",
  description: "Show some rows of a table or view, of a large table from random places; long values are cut.",
  effect: reads({ idempotent: false }),
  set: "query",
  input: z.strictObject({
    table: z.string().min(1).max(500).describe("Name as in SQL"),
    columns: z.array(z.string().min(1)).min(1).max(200).optional().describe("Only these"),
    limit: z.number().int().min(1).max(100).default(5).describe("Rows"),
    database: databaseName,
  }),
  output: z.object({
    table: z.string().describe("Qualified"),
    taken: z.enum(["random pages", "first rows"]).describe("How rows were chosen"),
    ...pageOutput.pick({ columns: true, rows: true }).shape,
    truncated: z.boolean().describe("Rows were left out because they are too long"),
  }),
  render: ({ table, taken, columns, rows, truncated }) =>
    [
      tableLine(columns.map(({ name }) => name)),
      ...rows.map(tableLine),
      `-- ${taken} of ${table}, truncated: ${truncated}`,
      `-- types: ${columns.map(({ name, type }) => `${name} ${type}`).join(", ")}`,
    ].join("\n"),
  async handle({ table, columns, limit, database }, { databases, maxOutput, signal }) {
    const options = { limit, maxBytes: MOST_READ, signal };
    const { page, ...from } = await sampleRows(databases.get(database), { table, columns, limit }, options);
    const rows = cutRows(page.rows, maxOutput / 2);
    return { ...from, columns: page.columns, rows, truncated: page.truncated || rows.length < page.rows.length };
  },
});
