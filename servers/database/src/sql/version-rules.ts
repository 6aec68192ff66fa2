import { ToolError } from "@mcp-reference/validation";
import type { Facts } from "./lookup.js";
import { isAscii } from "./name-rules.js";
import { descendants, nameParts, type TreeNode, text } from "./tree.js";

/** Syntax that an older server would take for a call of a user's function of that name. */
const SINCE: Readonly<Record<string, number>> = {
  JsonObjectConstructor: 16,
  JsonArrayConstructor: 16,
  JsonArrayQueryConstructor: 16,
  JsonObjectAgg: 16,
  JsonArrayAgg: 16,
  JsonIsPredicate: 16,
  JsonParseExpr: 17,
  JsonScalarExpr: 17,
  JsonSerializeExpr: 17,
  JsonFuncExpr: 17,
  JsonTable: 17,
  MergeSupportFunc: 17,
};

/** Whether a statement depends on the server's version, even if it names nothing. */
export function hasNewSyntax(statement: TreeNode): boolean {
  for (const { type } of descendants(statement)) if (type in SINCE) return true;
  return false;
}

const NAME_FIELDS = ["sval", "relname", "schemaname", "aliasname", "name", "ctename"];

/**
 * The parser is PostgreSQL 18's with UTF-8. Refuses what the server at hand would read otherwise.
 * @throws ToolError UNSUPPORTED
 */
export function refuseNewSyntax(statement: TreeNode, { version, encoding }: Facts): void {
  for (const node of descendants(statement)) {
    // Before PostgreSQL 16 SYSTEM_USER is a column's name.
    const systemUser = node.type === "FuncCall" && nameParts(node, "funcname").join(".") === "pg_catalog.system_user";
    const since = systemUser ? 16 : SINCE[node.type];
    if (since !== undefined && version < since * 10_000) {
      throw new ToolError("UNSUPPORTED", `${node.type} needs PostgreSQL ${since}`, {
        hint: "Use jsonb functions and operators",
      });
    }
    // Upper case is folded by the server's encoding: the same text could name something else there.
    if (
      encoding !== "UTF8" &&
      node.parent?.type !== "A_Const" &&
      NAME_FIELDS.some((field) => !isAscii(text(node, field)))
    ) {
      throw new ToolError(
        "UNSUPPORTED",
        `names that are not ASCII cannot be checked in a database with encoding ${encoding}`,
      );
    }
  }
}
