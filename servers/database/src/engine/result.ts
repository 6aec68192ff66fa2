import { ToolError } from "@mcp-reference/validation";
import { applyMasks } from "./masking.js";
import type { Accept, RowSource } from "./row-source.js";
import type { Session } from "./session.js";
import type { Column, Page, PageOptions, Row } from "./types.js";

/** A running statement whose rows are read page by page. */
export class Result {
  private constructor(
    readonly session: Session,
    readonly columns: Column[],
    private readonly rows: RowSource,
    private readonly mask: (row: Row) => Row,
  ) {}

  /** Checks, prepares and starts a statement. @throws ToolError */
  static async start(session: Session, sql: string, params: readonly unknown[]): Promise<Result> {
    const { masked } = await session.check(sql);
    const { description, columns, rows } = await session.run(sql, params);
    return new Result(session, columns, rows, applyMasks(masked, description.fields));
  }

  /** Reads what fits into a page; at least one row, or the error that says why not. */
  async page({ limit, maxBytes, rowBytes = sizeOf, ...options }: PageOptions): Promise<Omit<Page, "next">> {
    const started = performance.now();
    const rows: Row[] = [];
    const { keep = (row: Row) => void rows.push(row) } = options;
    let count = 0;
    let bytes = 0;
    let refused = 0;
    const state = await this.each((row) => {
      if (count >= limit) return false;
      const size = rowBytes(row);
      if (bytes + size > maxBytes) {
        refused = size;
        return false;
      }
      bytes += size;
      count += 1;
      keep(row);
      return true;
    });
    if (refused > 0 && count === 0) throw rowTooLarge(refused, maxBytes);
    const elapsed = Math.round((performance.now() - started) * 10) / 10;
    return { columns: this.columns, rows, truncated: state === "more", elapsed };
  }

  /** Offers rows, masked, until one is left or there are none. */
  each(accept: Accept): Promise<"more" | "end"> {
    return this.session.read(this.rows, (row) => accept(this.mask(row)));
  }
}

/** Bytes of the values, and one more for what separates each. */
export const sizeOf = (row: Row) => row.reduce((sum, cell) => sum + (cell ? Buffer.byteLength(cell) : 0), row.length);

const rowTooLarge = (size: number, most: number) =>
  new ToolError("TOO_LARGE", `one row has ${size} bytes, more than the ${most} of a page`, {
    hint: "Select fewer or smaller columns or a part of them, as left(column, 1000), or raise max_bytes and --max-output",
  });
