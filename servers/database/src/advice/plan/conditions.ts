import type { Node } from "libpg-query";
import { parseCondition, parseSortKey } from "../parse.js";
import { type Expression, readExpression, words } from "./expression.js";
import type { PlanNode } from "./plan-node.js";

/** How a condition narrows: `equality` = value, `list` = ANY, `join` = another relation's column, `range` < > BETWEEN, `prefix` LIKE 'a%'. */
export type ConditionKind = "equality" | "list" | "join" | "range" | "prefix" | "null" | "pattern";

/** One thing that a plan demands of one relation's rows. */
export interface Condition {
  kind: ConditionKind;
  /** What is compared. */
  key: Expression;
  /** Of a `join`: what it is compared with. */
  other?: Expression | undefined;
}

/** The conditions of a node: its filters and what it looks up or joins by. Those under OR are left out. */
export async function conditionsOf(node: PlanNode): Promise<Condition[]> {
  const texts = [
    node.Filter,
    node["Index Cond"],
    node["Recheck Cond"],
    node["Hash Cond"],
    node["Merge Cond"],
    node["Join Filter"],
  ];
  const parsed = await Promise.all(texts.map((text) => text && parseCondition(text)));
  return parsed.flatMap((tree) => (tree ? conjuncts(tree).flatMap(readCondition) : []));
}

function conjuncts(tree: Node): Node[] {
  if (!("BoolExpr" in tree) || tree.BoolExpr.boolop !== "AND_EXPR") return [tree];
  return (tree.BoolExpr.args ?? []).flatMap(conjuncts);
}

function readCondition(tree: Node): Condition[] {
  if ("NullTest" in tree) {
    const key = tree.NullTest.nulltesttype === "IS_NULL" && tree.NullTest.arg && readExpression(tree.NullTest.arg);
    return key ? [{ kind: "null", key }] : [];
  }
  if (!("A_Expr" in tree)) return [];
  const { lexpr, rexpr, name, kind } = tree.A_Expr;
  const [left, right] = [lexpr && readExpression(lexpr), rexpr && readExpression(rexpr)];
  const operator = words(name).at(-1) ?? "";
  if (kind === "AEXPR_OP_ANY") return operator === "=" && left ? [{ kind: "list", key: left }] : [];
  if (left && right) {
    if (operator !== "=" || left.alias === right.alias) return [];
    return [
      { kind: "join", key: left, other: right },
      { kind: "join", key: right, other: left },
    ];
  }
  const key = left ?? right;
  const narrowing = narrows(operator, left ? rexpr : lexpr, left !== undefined);
  return key && narrowing ? [{ kind: narrowing, key }] : [];
}

function narrows(operator: string, value: Node | undefined, onLeft: boolean): ConditionKind | undefined {
  if (operator === "=") return "equality";
  if (["<", "<=", ">", ">="].includes(operator)) return "range";
  if (!["~~", "~~*"].includes(operator) || !onLeft || !value) return undefined;
  const pattern = constantText(value);
  return operator === "~~" && pattern !== undefined && /^[^%_]/.test(pattern) ? "prefix" : "pattern";
}

/** The text of `'abc'::text`. */
function constantText(tree: Node): string | undefined {
  if ("TypeCast" in tree) return tree.TypeCast.arg && constantText(tree.TypeCast.arg);
  return "A_Const" in tree ? tree.A_Const.sval?.sval : undefined;
}

export interface SortKey {
  key: Expression;
  descending: boolean;
  nulls: "FIRST" | "LAST" | undefined;
}

/** What a node sorts or groups by; undefined unless every key is of one relation. */
export async function sortKeysOf(node: PlanNode): Promise<SortKey[] | undefined> {
  const texts = node["Sort Key"] ?? node["Group Key"];
  if (texts === undefined) return undefined;
  const keys = await Promise.all(texts.map(readSortKey));
  const found = keys.flatMap((key) => key ?? []);
  const one = found.length === texts.length && new Set(found.map(({ key }) => key.alias)).size === 1;
  return one ? found : undefined;
}

async function readSortKey(text: string): Promise<SortKey | undefined> {
  const sort = await parseSortKey(text);
  const key = sort?.node && readExpression(sort.node);
  if (!key) return undefined;
  const nulls =
    sort.sortby_nulls === "SORTBY_NULLS_FIRST"
      ? "FIRST"
      : sort.sortby_nulls === "SORTBY_NULLS_LAST"
        ? "LAST"
        : undefined;
  return { key, descending: sort.sortby_dir === "SORTBY_DESC", nulls };
}
