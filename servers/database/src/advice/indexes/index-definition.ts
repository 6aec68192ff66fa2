import { ToolError } from "@mcp-reference/validation";
import type { IndexElem, IndexStmt, Node } from "libpg-query";
import { parseNode } from "../parse.js";
import { writeExpression } from "../plan/expression.js";
import type { Relation } from "../relations/relation.js";

/** An index that does not exist yet. */
export interface IndexDefinition {
  /** The table's name as it was written; the schema may be missing. */
  schema: string | undefined;
  table: string;
  method: string;
  /** Columns by name, expressions as SQL. */
  keys: string[];
  included: string[];
  partial: boolean;
  sql: string;
}

/**
 * Reads one CREATE INDEX.
 * @throws ToolError INVALID_ARGUMENT for anything else
 */
export async function parseIndex(sql: string): Promise<IndexDefinition> {
  const statement = await parseNode(sql);
  if (!("IndexStmt" in statement)) {
    throw new ToolError("INVALID_ARGUMENT", "each of hypothetical_indexes must be one CREATE INDEX statement", {
      hint: "Write it as CREATE INDEX ON table (column, …)",
    });
  }
  const { relation, accessMethod = "btree", indexParams, indexIncludingParams, whereClause } = statement.IndexStmt;
  return {
    schema: relation?.schemaname,
    table: relation?.relname ?? "",
    method: accessMethod,
    keys: elements(indexParams),
    included: elements(indexIncludingParams),
    partial: whereClause !== undefined,
    sql,
  };
}

/** As {@link IndexKey.key} has them: with directions where they are mixed. */
function elements(params: IndexStmt["indexParams"] = []): string[] {
  const found = params.flatMap((param: Node) => ("IndexElem" in param ? param.IndexElem : []));
  const isBackwards = ({ ordering, nulls_ordering: nulls }: IndexElem) =>
    ordering === "SORTBY_DESC" && nulls === "SORTBY_NULLS_DEFAULT";
  const backwards = found.every(isBackwards);
  return found.map((element) => {
    const { name, expr, ordering, nulls_ordering: nulls } = element;
    const key = name ?? (expr && writeExpression(expr)) ?? "(expression)";
    const nullsAt = nulls === "SORTBY_NULLS_FIRST" ? "NULLS FIRST" : nulls === "SORTBY_NULLS_LAST" && "NULLS LAST";
    const words = backwards ? [] : [ordering === "SORTBY_DESC" && "DESC", nullsAt].filter(Boolean);
    return [key, ...words].join(" ");
  });
}

/** The relation of a plan that an index is for. */
export const relationFor = (index: IndexDefinition, relations: Iterable<Relation>): Relation | undefined =>
  [...relations].find(({ name, schema }) => name === index.table && (index.schema ?? schema) === schema);
