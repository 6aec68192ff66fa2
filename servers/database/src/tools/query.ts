import { reads } from "@mcp-reference/runtime";
import { cursor } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { databaseName, parameters, sql } from "../fields.js";
import { textFormat } from "../format/format.js";
import { writtenPage } from "../format/page-output.js";
import { PageWriter } from "../format/page-rows.js";
import { renderPage } from "../format/page-text.js";

/** Of a result's text, what columns and the last line may take. */
const ROOM_FOR_ROWS = 7 / 8;

export const query = tool({
  name: "query",
  description:
    "Run one SQL statement that only reads. Values come as PostgreSQL prints them. Cut results go on with cursor.",
  effect: reads(),
  set: "query",
  input: z.strictObject({
    sql,
    params: parameters.optional(),
    limit: z.number().int().min(1).max(1_000_000).optional().describe("Rows a page, default 1000"),
    max_bytes: z.number().int().min(1).optional().describe("Text a page"),
    timeout_ms: z.number().int().min(1).optional().describe("When to stop it, in milliseconds"),
    format: textFormat.default("table").describe("Of the text"),
    cursor: cursor.optional(),
    database: databaseName,
  }),
  output: writtenPage,
  render: renderPage,
  async handle({ sql, params, limit, max_bytes, timeout_ms, format, cursor, database }, context) {
    const { databases, caller, cursors, maxOutput, maxRows, signal } = context;
    const writer = new PageWriter(format);
    const options = {
      limit: limit ?? maxRows,
      maxBytes: Math.min(max_bytes ?? Number.POSITIVE_INFINITY, Math.floor(maxOutput * ROOM_FOR_ROWS)),
      rowBytes: writer.weigh,
      keep: writer.keep,
      timeoutMs: timeout_ms,
      owner: caller.id,
      signal,
    };
    const from = databases.get(database);
    const page =
      cursor === undefined
        ? await from.query(sql, { ...options, params })
        : await from.next(cursors.open(cursor, z.string()), options);
    const { columns, truncated, next, elapsed } = page;
    const rows = writer.rows();
    return { columns, rows, truncated, nextCursor: next && cursors.seal(next), elapsed_ms: elapsed, format };
  },
});
