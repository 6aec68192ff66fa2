import * as z from "zod";
import type { Row } from "../engine/types.js";
import { textFormat } from "./format.js";
import type { PageRows } from "./page-rows.js";

// Rows are made by the engine alone: to look at each of a million cells again would take longer than the query.
const rows = z.unknown().meta({
  type: "array",
  items: { type: "array", items: { type: ["string", "null"] } },
  description: "Values as PostgreSQL prints them, in the order of columns",
}) as unknown as z.ZodType<readonly Row[]>;

/** A page of a result. */
export const pageOutput = z.object({
  columns: z
    .array(
      z.object({ name: z.string().describe("As written"), type: z.string().describe("As PostgreSQL writes types") }),
    )
    .describe("In order"),
  rows,
  truncated: z.boolean().describe("There are more rows"),
  nextCursor: z.string().optional().describe("Gives the next page, once, within a minute"),
  elapsed_ms: z.number().describe("From starting the statement to the end of the page"),
  format: textFormat.describe("Of the text"),
});

/** As a client sees it. */
export type PageOutput = z.output<typeof pageOutput>;

/** The same, its rows written while they arrived. */
export const writtenPage = pageOutput.extend({ rows: rows as unknown as z.ZodType<PageRows> });

export type WrittenPage = z.output<typeof writtenPage>;
