import { blocks, link, paragraph, reads } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";
import { databaseName, parameters, sql } from "../fields.js";
import { resultUri } from "../resources/result.js";
import { exportQuery as exportTo } from "../results/export-query.js";
import { mimeTypeOf } from "../results/export-store.js";

export const exportQuery = tool({
  name: "export_query",
  description: "Write all rows of a reading statement to a file, CSV or NDJSON, given as a resource link.",
  effect: reads(),
  set: "export",
  input: z.strictObject({
    sql,
    params: parameters.optional(),
    format: z.enum(["csv", "ndjson"]).default("csv").describe("NDJSON keeps numbers"),
    database: databaseName,
  }),
  async handle({ sql, params, format, database }, { databases, exports, caller, maxOutput, signal, progress }) {
    const { made, rows } = await exportTo(databases.get(database), exports, sql, {
      params,
      format,
      owner: caller.id,
      partBytes: maxOutput,
      signal,
      onRows: progress,
    });
    const { bytes, parts, path } = made.file;
    const uri = resultUri(made.id);
    const reading = parts === 1 ? "" : ` Read it in ${parts} parts: ${uri}/1 to ${uri}/${parts}.`;
    return blocks(
      link({ uri, name: `${rows} rows.${format}`, mimeType: mimeTypeOf[format] }),
      paragraph(`${rows} rows, ${bytes} bytes. It is kept until the server ends, in ${path}.${reading}`),
    );
  },
});
