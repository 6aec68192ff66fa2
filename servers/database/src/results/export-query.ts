import type { Database, Row, RunOptions } from "../engine/types.js";
import { csvLine } from "../format/csv.js";
import { ndjsonLine } from "../format/ndjson.js";
import type { Export, ExportFormat, ExportStore } from "./export-store.js";

export interface ExportRequest extends RunOptions {
  owner: string;
  format: ExportFormat;
  partBytes: number;
  /** Hears of the rows written so far. */
  onRows: (rows: number) => void;
}

/** Streams all rows of a statement into a file. @returns the export and its number of rows */
export async function exportQuery(
  database: Database,
  store: ExportStore,
  sql: string,
  { onRows, ...request }: ExportRequest,
): Promise<{ made: Export; rows: number }> {
  let count = 0;
  const made = await store.create(request, async (file) => {
    let line: (row: Row) => string = csvLine;
    let head: string[] = [];
    await database.stream(sql, request, {
      columns(columns) {
        if (request.format === "ndjson") line = ndjsonLine(columns);
        else head = [csvLine(columns.map(({ name }) => name))];
      },
      async rows(rows) {
        await file.write([...head, ...rows.map(line)]);
        head = [];
        count += rows.length;
        onRows(count);
      },
    });
  });
  return { made, rows: count };
}
