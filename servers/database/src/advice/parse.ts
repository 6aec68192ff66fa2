import { ToolError } from "@mcp-reference/validation";
import type { Node, SelectStmt } from "libpg-query";
import { parseOne } from "../sql/parser.js";

/**
 * The one statement of a text, typed.
 * @throws ToolError as {@link parseOne}
 */
export const parseNode = async (sql: string): Promise<Node> => (await parseOne(sql)).node as unknown as Node;

/** Calls `visit` for every node below `tree`, itself included. */
function walk(tree: unknown, visit: (kind: string, content: Record<string, unknown>) => void): void {
  if (Array.isArray(tree)) {
    for (const member of tree) walk(member, visit);
  } else if (typeof tree === "object" && tree !== null) {
    for (const [key, value] of Object.entries(tree)) {
      // The grammar names node types in capitals and their fields in lower case.
      if (/^[A-Z]/.test(key)) visit(key, value as Record<string, unknown>);
      walk(value, visit);
    }
  }
}

/** What `EXPLAIN` can plan: one SELECT, VALUES or TABLE, and how many `$n` it has. */
export async function parseQuery(sql: string): Promise<{ parameters: number }> {
  const statement = await parseNode(sql);
  if ("ExplainStmt" in statement) {
    throw new ToolError("INVALID_ARGUMENT", "sql must be the query itself", { hint: "Leave out EXPLAIN; use analyze" });
  }
  if (!("SelectStmt" in statement)) {
    throw new ToolError("UNSUPPORTED", "only a query (SELECT, WITH, VALUES, TABLE) can be explained");
  }
  let parameters = 0;
  walk(statement, (kind, content) => {
    if (kind === "ParamRef") parameters = Math.max(parameters, Number(content["number"] ?? 0));
  });
  return { parameters };
}

/** The WHERE clause of `SELECT … WHERE condition`; undefined where a plan's text is no SQL. */
export async function parseCondition(condition: string): Promise<Node | undefined> {
  return (await parseSelect(`SELECT WHERE ${condition}`))?.whereClause;
}

/** An expression of ORDER BY, with its direction. */
export async function parseSortKey(key: string) {
  const sort = (await parseSelect(`SELECT ORDER BY ${key}`))?.sortClause?.[0];
  return sort !== undefined && "SortBy" in sort ? sort.SortBy : undefined;
}

async function parseSelect(sql: string): Promise<SelectStmt | undefined> {
  try {
    const statement = await parseNode(sql.replace(/\((?:hashed )?(?:Sub|Init)Plan \d+\)/g, "(NULL)"));
    return "SelectStmt" in statement ? statement.SelectStmt : undefined;
  } catch {
    return undefined;
  }
}
