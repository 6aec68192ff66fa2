import { ToolError } from "@mcp-reference/validation";
import type { Grammar } from "./grammar.js";
import { discardParser, type Json, tooDeep } from "./parser.js";

/** A parsed statement in one shape throughout: every node knows its type, its parent and which field of it it is. */
export interface TreeNode {
  readonly type: string;
  /** Field of the parent. */
  readonly slot: string;
  readonly parent: TreeNode | undefined;
  readonly children: TreeNode[];
  /** Fields that are no nodes. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

/** Levels. Far above what people write, far below where the parser's own stack ends. */
const DEEPEST = 1000;

/** PostgreSQL cuts names here, and where exactly depends on the server's encoding. Bytes. */
const LONGEST_NAME = 63;

/**
 * Makes the tree of a parsed statement and checks every part of it against `grammar`.
 * @param hint what may be sent instead
 * @throws ToolError PERMISSION_DENIED naming what is not in the grammar
 */
export function buildTree(statement: Json, grammar: Grammar, hint: string): TreeNode {
  const build = (type: string, fields: Json, slot: string, parent: TreeNode | undefined, depth: number): TreeNode => {
    if (depth > DEEPEST) {
      // So deep that the parser may have written over its own memory: what it says next must not be believed.
      discardParser();
      throw tooDeep();
    }
    const known = grammar.get(type);
    if (!known) throw refusedNode(type, hint);
    const values: Record<string, string | number | boolean> = {};
    const node: TreeNode = { type, slot, parent, children: [], values };
    for (const [field, value] of Object.entries(fields)) {
      if (!known.has(field)) throw refusedField(type, field);
      const addNode = (child: Json, childType = known.get(field)) => {
        const [tag = "", ...others] = childType ? [childType] : Object.keys(child);
        // A missing element is an empty object: DISTINCT without ON is a list of one.
        if (!tag) values[field] = true;
        if (!tag) return;
        if (others.length > 0) throw refusedNode(tag, hint);
        const body = childType ? child : child[tag];
        if (!isObject(body)) throw refusedNode(tag, hint);
        node.children.push(build(tag, body, field, node, depth + 1));
      };
      if (Array.isArray(value)) for (const child of value) addNode(child);
      else if (isObject(value)) addNode(value);
      else values[field] = scalar(value);
    }
    if (type === "String") checkName(node);
    return node;
  };
  const [type = ""] = Object.keys(statement);
  const fields = statement[type];
  return build(type, isObject(fields) ? fields : {}, "", undefined, 0);
}

/** The node and all below it, in the order of the text. */
export function* descendants(node: TreeNode): Generator<TreeNode> {
  yield node;
  for (const child of node.children) yield* descendants(child);
}

export const inSlot = (node: TreeNode, slot: string): TreeNode[] =>
  node.children.filter((child) => child.slot === slot);

export const firstIn = (node: TreeNode, slot: string): TreeNode | undefined =>
  node.children.find((child) => child.slot === slot);

/** A field that holds text; empty when it has none. */
export function text(node: TreeNode | undefined, field: string): string {
  const value = node?.values[field];
  return typeof value === "string" ? value : "";
}

/** The parts of a name such as `a.b.c`; `*` is left out. */
export const nameParts = (node: TreeNode, slot: string): string[] =>
  inSlot(node, slot)
    .filter(({ type }) => type === "String")
    .map((part) => text(part, "sval"));

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function scalar(value: unknown): string | number | boolean {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  throw new ToolError("PERMISSION_DENIED", "the statement has a part that this server does not know");
}

/** Names only: a literal is an A_Const, whose String is of no interest and may be long. */
function checkName(node: TreeNode): void {
  if (node.parent?.type === "A_Const") return;
  if (Buffer.byteLength(text(node, "sval")) > LONGEST_NAME) {
    throw new ToolError("INVALID_ARGUMENT", `a name is longer than ${LONGEST_NAME} bytes`);
  }
}

const WRITES = "it writes, and a query only reads";

/** What people call the statements that are refused, and why. */
const REFUSED_NODES: Readonly<Record<string, string>> = {
  InsertStmt: `INSERT is not allowed: ${WRITES}`,
  UpdateStmt: `UPDATE is not allowed: ${WRITES}`,
  DeleteStmt: `DELETE is not allowed: ${WRITES}`,
  MergeStmt: `MERGE is not allowed: ${WRITES}`,
  TransactionStmt: "transaction control is not allowed: every statement runs in a transaction of its own",
  VariableSetStmt: "SET and RESET are not allowed: settings belong to the server's connection",
  CopyStmt: "COPY is not allowed: it reaches files and programs. SELECT the rows instead",
  PrepareStmt: "PREPARE is not allowed: pass values in params",
  ExecuteStmt: "EXECUTE is not allowed: send the statement itself",
  DeclareCursorStmt: "cursors are not allowed: a long result is paged already",
  DoStmt: "DO is not allowed: its code cannot be checked",
  CallStmt: "CALL is not allowed: a procedure may do anything",
  LockStmt: "LOCK is not allowed: it would keep others waiting",
};

function refusedNode(type: string, hint: string): ToolError {
  const words = type
    .replace(/Stmt$/, "")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toUpperCase();
  return new ToolError("PERMISSION_DENIED", REFUSED_NODES[type] ?? `${words} is not allowed`, { hint });
}

function refusedField(type: string, field: string): ToolError {
  if (field === "intoClause") {
    return new ToolError("PERMISSION_DENIED", "SELECT INTO is not allowed: it creates a table", {
      hint: "Leave INTO out",
    });
  }
  if (field === "lockingClause") {
    return new ToolError("PERMISSION_DENIED", "FOR UPDATE and FOR SHARE are not allowed: they lock rows", {
      hint: "Leave the locking clause out",
    });
  }
  return new ToolError(
    "PERMISSION_DENIED",
    `the statement has a part that this server does not know (${type}.${field})`,
  );
}
