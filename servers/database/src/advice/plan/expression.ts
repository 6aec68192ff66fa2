import type { Node } from "libpg-query";
import { quoteIdentifier } from "../../engine/quote-identifier.js";

/** Something of one relation that a plan compares, sorts or groups by. */
export interface Expression {
  /** The relation, as the plan calls it. */
  alias: string;
  /** The one column in it. */
  column: string;
  /** The column itself; otherwise what is applied to it. */
  applied?: Applied | undefined;
}

/** A cast to `type`, or anything else as SQL over the bare column, such as `lower(email)`. */
export type Applied = { kind: "cast"; type: string; within?: Applied | undefined } | { kind: "call"; sql: string };

/** A tree over exactly one column of one relation; undefined for anything else. */
export function readExpression(tree: Node): Expression | undefined {
  if ("ColumnRef" in tree) return readColumn(tree);
  if ("CollateClause" in tree) return tree.CollateClause.arg && readExpression(tree.CollateClause.arg);
  if ("TypeCast" in tree) return readCast(tree);
  const found: Expression[] = [];
  const sql = write(tree, found);
  const [first, ...others] = found;
  const one = first && others.every(({ alias, column }) => alias === first.alias && column === first.column);
  return one && sql !== undefined
    ? { alias: first.alias, column: first.column, applied: { kind: "call", sql } }
    : undefined;
}

function readColumn(tree: Node): Expression | undefined {
  if (!("ColumnRef" in tree)) return undefined;
  const [alias, column, ...more] = words(tree.ColumnRef.fields);
  return alias !== undefined && column !== undefined && more.length === 0 ? { alias, column } : undefined;
}

function readCast(tree: Node): Expression | undefined {
  if (!("TypeCast" in tree) || tree.TypeCast.arg === undefined) return undefined;
  const inner = readExpression(tree.TypeCast.arg);
  const type = typeName(tree);
  return inner && type !== undefined ? { ...inner, applied: { kind: "cast", type, within: inner.applied } } : undefined;
}

function typeName(tree: Node): string | undefined {
  if (!("TypeCast" in tree)) return undefined;
  return words(tree.TypeCast.typeName?.names).at(-1);
}

/** SQL of a tree as an index expression, with the columns met on the way; undefined where it is more than calls and constants. */
function write(tree: Node, found: Expression[]): string | undefined {
  if ("ColumnRef" in tree) {
    const column = readColumn(tree);
    if (column) found.push(column);
    const last = words(tree.ColumnRef.fields).at(-1);
    return last === undefined ? undefined : quote(last);
  }
  if ("A_Const" in tree) return constant(tree);
  if ("TypeCast" in tree) {
    const [inner, type] = [tree.TypeCast.arg && write(tree.TypeCast.arg, found), typeName(tree)];
    return inner && type && `${inner}::${type}`;
  }
  if ("FuncCall" in tree) {
    const { funcname, args = [] } = tree.FuncCall;
    const name = words(funcname).map(quote).join(".");
    const written = args.map((arg) => write(arg, found));
    return written.every((arg) => arg !== undefined) ? `${name}(${written.join(", ")})` : undefined;
  }
  if ("A_Expr" in tree && tree.A_Expr.kind === "AEXPR_OP") {
    const { lexpr, rexpr, name } = tree.A_Expr;
    const [left, right] = [lexpr && write(lexpr, found), rexpr && write(rexpr, found)];
    const operator = words(name).join(".");
    return left !== undefined && right !== undefined ? `(${left} ${operator} ${right})` : undefined;
  }
  return undefined;
}

function constant(tree: Node): string | undefined {
  if (!("A_Const" in tree)) return undefined;
  const { sval, ival, fval, boolval } = tree.A_Const;
  if (sval) return `'${(sval.sval ?? "").replaceAll("'", "''")}'`;
  if (ival) return String(ival.ival ?? 0);
  if (fval) return fval.fval;
  return boolval ? String(boolval.boolval ?? false) : undefined;
}

const quote = (name: string) => (/^[a-z_][a-z0-9_$]*$/.test(name) ? name : quoteIdentifier(name));

/** An expression over bare columns as SQL; undefined where it is more than calls, operators, casts and constants. */
export const writeExpression = (tree: Node): string | undefined => write(tree, []);

/** The words of a name as the parser holds them. */
export const words = (parts: readonly Node[] = []): string[] =>
  parts.flatMap((part) => ("String" in part ? (part.String.sval ?? "") : []));
