import { ToolError } from "@mcp-reference/validation";
import type { Facts } from "./lookup.js";
import { findMaskedRelations, type MaskedRelations } from "./masked-relations.js";
import type { MaskedColumn } from "./masks.js";
import { descendants, firstIn, inSlot, nameParts, type TreeNode, text } from "./tree.js";

/**
 * Checks that masked columns come out of a statement only where their values can be replaced: as they stand, in the outermost
 * SELECT or RETURNING. Anywhere else the statement could tell them by a detour, so whatever is not surely harmless is refused.
 * @returns the columns to replace in the result
 * @throws ToolError PERMISSION_DENIED naming the column
 */
export function maskedOutput(statement: TreeNode, facts: Facts): readonly MaskedColumn[] {
  const masked = findMaskedRelations(statement, facts);
  if (masked.columns.length === 0) return [];
  for (const node of descendants(statement)) {
    if (node.type === "ColumnRef") checkColumn(node, statement, masked);
    if (node.type === "ReturningOption") throw refused("old and new rows", masked);
  }
  checkOrder(statement, masked);
  return masked.columns;
}

const refused = (what: string, { label }: MaskedRelations) =>
  new ToolError("PERMISSION_DENIED", `${label}: ${what} could show them`, {
    hint: "A masked column may only be an output column of the outermost SELECT, as it stands; or leave it out",
  });

function checkColumn(node: TreeNode, statement: TreeNode, masked: MaskedRelations): void {
  const parts = nameParts(node, "fields");
  const isStar = inSlot(node, "fields").at(-1)?.type === "A_Star";
  const column = isStar ? undefined : parts.at(-1);
  const qualifier = isStar ? parts.at(-1) : parts.at(-2);
  const written = [...parts, ...(isStar ? ["*"] : [])].join(".");

  if (qualifier !== undefined && !masked.rows.has(qualifier)) return;
  if (isStar) {
    const concerns = qualifier !== undefined || masked.levels.has(levelOf(node));
    if (concerns && !isDirect(node, statement) && !isInExists(node)) throw refused(`${written} here`, masked);
    return;
  }
  if (column === undefined) return;
  if (qualifier === undefined && masked.rows.has(column)) throw refused(`the whole row ${column}`, masked);
  if (masked.names.has(column)) {
    if (!isDirect(node, statement)) throw refused(`${written} here`, masked);
    return;
  }
  // `u.row_to_json` calls the function row_to_json with the row.
  const known = qualifier === undefined || masked.rows.get(qualifier)?.has(column);
  if (!known) throw refused(`${written}, which is none of its columns,`, masked);
}

/** The SELECT or the change whose FROM a `*` stands for. */
function levelOf(node: TreeNode): TreeNode | undefined {
  let level = node.parent;
  while (level && !level.type.endsWith("Stmt")) level = level.parent;
  return level;
}

/** An output column of the statement, as it stands: PostgreSQL then tells which table and column it is of. */
function isDirect({ parent: target }: TreeNode, statement: TreeNode): boolean {
  if (target?.type !== "ResTarget") return false;
  if (target.slot === "exprs") return target.parent?.parent === statement;
  const alone = statement.type === "SelectStmt" && !firstIn(statement, "larg") && !isDistinct(statement);
  return target.slot === "targetList" && target.parent === statement && alone;
}

/** DISTINCT or DISTINCT ON: it tells which values are equal. */
const isDistinct = (select: TreeNode) =>
  select.values["distinctClause"] === true || firstIn(select, "distinctClause") !== undefined;

/** `EXISTS (SELECT * …)`, whose output nobody sees. */
function isInExists({ parent: target }: TreeNode): boolean {
  const select = target?.type === "ResTarget" && target.slot === "targetList" ? target.parent : undefined;
  return select?.parent?.type === "SubLink" && text(select.parent, "subLinkType") === "EXISTS_SUBLINK";
}

/** ORDER BY and GROUP BY can name an output column by its position or its alias. */
function checkOrder(statement: TreeNode, masked: MaskedRelations): void {
  const outputs = inSlot(statement, "targetList").map((target) => shownName(target, masked));
  if (statement.type !== "SelectStmt" || outputs.every((output) => output === undefined)) return;
  const sorts = [...inSlot(statement, "sortClause"), ...inSlot(statement, "groupClause")];
  for (const node of sorts.flatMap((sort) => [...descendants(sort)])) {
    const name = node.type === "ColumnRef" ? nameParts(node, "fields") : [];
    if (name.length === 1 && outputs.includes(name[0])) throw refused(`ordering or grouping by ${name[0]}`, masked);
    // Zero is left out by the parser, and no position.
    const position = node.type === "Integer" ? node.values["ival"] : undefined;
    if (typeof position === "number" && (outputs.includes("*") || outputs[position - 1] !== undefined)) {
      throw refused(`ordering or grouping by position ${position}`, masked);
    }
  }
}

/** The name a masked output column comes out under, `*` for several; undefined for other columns. */
function shownName(target: TreeNode, { names }: MaskedRelations): string | undefined {
  const value = firstIn(target, "val");
  if (value?.type !== "ColumnRef") return undefined;
  if (inSlot(value, "fields").at(-1)?.type === "A_Star") return "*";
  const column = nameParts(value, "fields").at(-1) ?? "";
  return names.has(column) ? text(target, "name") || column : undefined;
}
