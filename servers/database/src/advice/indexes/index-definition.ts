import { ToolError } from "@mcp-reference/validation";
import type { IndexElem, IndexStmt, Node } from "libpg-query";
import { parseNode } from "../parse.js";
import type { Relation } from "../relations/relation.js";

/** An index that does not exist yet. */
export interface IndexDefinition {
  /** The table's name as it was written; the schema may be missing. */
  schema: string | undefined;
  table: string;
  method: string;
  /** Columns by name. */
  keys: string[];
  included: string[];
  sql: string;
}

/**
 * Reads one CREATE INDEX.
 * @throws ToolError INVALID_ARGUMENT for anything else, UNSUPPORTED for one of more than columns
 */
export async function parseIndex(sql: string): Promise<IndexDefinition> {
  const statement = await parseNode(sql);
  if (!("IndexStmt" in statement)) {
    throw new ToolError("INVALID_ARGUMENT", "each of hypothetical_indexes must be one CREATE INDEX statement", {
      hint: "Write it as CREATE INDEX ON table (column, …)",
    });
  }
  const { relation, accessMethod = "btree", indexParams, indexIncludingParams, whereClause } = statement.IndexStmt;
  // The planner evaluates what an expression or a predicate calls, and its estimates tell values apart.
  if (whereClause || !(indexParams ?? []).every(isColumn)) {
    throw new ToolError("UNSUPPORTED", "a hypothetical index takes columns, without expressions and WHERE", {
      hint: "Try it on the columns themselves",
    });
  }
  return {
    schema: relation?.schemaname,
    table: relation?.relname ?? "",
    method: accessMethod,
    keys: elements(indexParams),
    included: elements(indexIncludingParams),
    sql,
  };
}

const isColumn = (param: Node) =>
  "IndexElem" in param && param.IndexElem.name !== undefined && (param.IndexElem.opclass?.length ?? 0) < 2;

/** As {@link IndexKey.key} has them: with directions where they are mixed. */
function elements(params: IndexStmt["indexParams"] = []): string[] {
  const found = params.flatMap((param: Node) => ("IndexElem" in param ? param.IndexElem : []));
  const isBackwards = ({ ordering, nulls_ordering: nulls }: IndexElem) =>
    ordering === "SORTBY_DESC" && nulls === "SORTBY_NULLS_DEFAULT";
  const backwards = found.every(isBackwards);
  return found.map((element) => {
    const { name = "", ordering, nulls_ordering: nulls } = element;
    const nullsAt = nulls === "SORTBY_NULLS_FIRST" ? "NULLS FIRST" : nulls === "SORTBY_NULLS_LAST" && "NULLS LAST";
    const words = backwards ? [] : [ordering === "SORTBY_DESC" && "DESC", nullsAt].filter(Boolean);
    return [name, ...words].join(" ");
  });
}

/** The relation of a plan that an index is for. */
export const relationFor = (index: IndexDefinition, relations: Iterable<Relation>): Relation | undefined =>
  [...relations].find(({ name, schema }) => name === index.table && (index.schema ?? schema) === schema);
