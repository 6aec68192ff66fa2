import { confirm, writes } from "@mcp-reference/runtime";
import * as z from "zod";
import { cutRows } from "../catalog/cut-rows.js";
import { tool } from "../define.js";
import type { Preview } from "../engine/types.js";
import { databaseName, parameters, sql } from "../fields.js";
import { tableLine } from "../format/table.js";

/** What a person agreed to. */
const approved = z.object({ affected: z.number().optional() });

export const execute = tool({
  name: "execute",
  description:
    "Change data or schema by one statement. It is tried out and rolled back first, the user sees what it would do and decides.",
  effect: writes({ destructive: true }),
  set: "write",
  input: z.strictObject({
    sql,
    params: parameters.optional(),
    max_affected: z.number().int().min(0).default(1000).describe("Refuse when more rows would change"),
    database: databaseName,
  }),
  output: z.object({
    affected: z.number().int().optional().describe("Rows; absent where PostgreSQL counts none"),
    returned: z
      .array(z.record(z.string(), z.string().nullable()))
      .optional()
      .describe("First rows of RETURNING, long values cut"),
  }),
  async ask({ sql, params, max_affected, database }, { databases, signal }) {
    const from = databases.get(database);
    const preview = await from.preview(sql, { params, maxAffected: max_affected, signal });
    return confirm(describe(sql, from.info.name, preview), {
      facts: preview.affected === undefined ? {} : { affected: preview.affected },
    });
  },
  async handle({ sql, params, max_affected, database }, { databases, maxOutput, signal }, facts) {
    const { affected: expected } = approved.parse(facts);
    const options = { params, maxAffected: max_affected, expected, signal };
    const { affected, columns, rows } = await databases.get(database).commit(sql, options);
    const returned = cutRows(rows, maxOutput / 4).map((row) =>
      Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])),
    );
    return { affected, ...(returned.length > 0 && { returned }) };
  },
});

/** Characters that a person is shown of a statement's beginning and of its end. */
const HEAD = 1500;
const TAIL = 500;
/** Bytes of the rows that a person is shown. */
const SAMPLE = 1500;

function describe(sql: string, database: string, { kind, affected, columns, rows, locks }: Preview): string {
  const shown = cutRows(rows, SAMPLE);
  const sample = [columns.map(({ name }) => name), ...shown].map(tableLine);
  return [
    `Run this on the database ${database}?`,
    shorten(sql),
    affected === undefined
      ? `It is ${kind.toUpperCase()}.`
      : `It changes ${affected} ${affected === 1 ? "row" : "rows"}.`,
    ...(shown.length > 0 ? [`First of them, after the change:`, ...sample] : []),
    ...locks.map(({ relation, mode }) => `It locks ${relation} (${mode}) while it runs.`),
  ].join("\n");
}

function shorten(sql: string): string {
  const hidden = sql.length - HEAD - TAIL;
  return hidden <= 0 ? sql : `${sql.slice(0, HEAD)}\n… ${hidden} characters not shown …\n${sql.slice(-TAIL)}`;
}
