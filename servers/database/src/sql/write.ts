import { ToolError } from "@mcp-reference/validation";
import type { Facts } from "./lookup.js";
import { maskedOutput } from "./mask-rules.js";
import { findMaskedRelations } from "./masked-relations.js";
import type { MaskedColumn } from "./masks.js";
import { type Json, parseOne } from "./parser.js";
import type { GatePolicy } from "./policy.js";
import { buildTree, descendants, firstIn, inSlot, nameParts, type TreeNode, text } from "./tree.js";
import { changeGrammar, definitionGrammar } from "./write-grammar.js";

/** A statement that may run in a transaction that writes. */
export interface WriteStatement {
  kind: "insert" | "update" | "delete" | "merge" | "ddl";
  /** What it changes, as the statement names it; undefined where it is no relation. */
  target: string | undefined;
  /** It has a RETURNING clause. */
  returning: boolean;
  /** The statement without what ends it, so that a clause can be put behind it. */
  text: string;
  /** Columns whose values must not be shown, wherever they come out. */
  masked: readonly MaskedColumn[];
}

type CheckNames = (tree: TreeNode) => Promise<Facts | undefined>;

const HINT = "Send one INSERT, UPDATE, DELETE, MERGE or definition of a table, view, index, sequence, type or policy";

const CHANGES: Readonly<Record<string, "insert" | "update" | "delete" | "merge">> = {
  InsertStmt: "insert",
  UpdateStmt: "update",
  DeleteStmt: "delete",
  MergeStmt: "merge",
};

/**
 * Decides whether a statement may be tried in a transaction and committed.
 * @param checkNames the checks of everything it names that queries go through too
 * @throws ToolError
 */
export async function checkWrite(sql: string, policy: GatePolicy, checkNames: CheckNames): Promise<WriteStatement> {
  const { node, text: statement } = await parseOne(sql);
  const [type = ""] = Object.keys(node);
  const kind = CHANGES[type];
  const checked = kind ? await checkChange(node, checkNames) : await checkDefinition(type, node, policy, checkNames);
  return { kind: kind ?? "ddl", text: statement, ...checked };
}

async function checkChange(node: Json, checkNames: CheckNames) {
  const tree = buildTree(node, changeGrammar, HINT);
  for (const inner of descendants(tree)) {
    if (inner !== tree && inner.type in CHANGES) {
      throw new ToolError("PERMISSION_DENIED", "a change inside WITH is not allowed: its rows would not be counted", {
        hint: "Send it as a statement of its own",
      });
    }
  }
  const facts = await checkNames(tree);
  const masked = facts ? maskedOutput(tree, facts) : [];
  return {
    target: relationName(firstIn(tree, "relation")),
    returning: firstIn(tree, "returningClause") !== undefined,
    masked,
  };
}

async function checkDefinition(type: string, node: Json, { masks }: GatePolicy, checkNames: CheckNames) {
  refuseStatement(type);
  refuseOutsideTransaction(type, node[type]);
  const tree = buildTree(node, definitionGrammar, HINT);
  refuseGrant(tree);
  const facts = await checkNames(tree);
  if (masks.length > 0) {
    const renames = type === "RenameStmt" || type === "AlterObjectSchemaStmt";
    if (renames || (facts && findMaskedRelations(tree, facts).columns.length > 0)) {
      throw new ToolError(
        "PERMISSION_DENIED",
        "mask rules go by names, and this could show a masked column under another",
      );
    }
  }
  const relation = ["relation", "view", "sequence", "table"].map((slot) => firstIn(tree, slot)).find(Boolean);
  const into = firstIn(tree, "into");
  return {
    target: relationName(relation ?? (into && firstIn(into, "rel"))) ?? droppedName(tree),
    returning: false,
    masked: [],
  };
}

/** What is refused with a reason of its own; what else is not in the grammar is refused there. */
const REFUSED: Readonly<Record<string, string>> = {
  CreateFunctionStmt: "functions are not made here: what their code does cannot be checked",
  AlterFunctionStmt: "functions are not changed here: what their code does cannot be checked",
  RuleStmt: "rules are not made here: they change what other statements do",
  CreateExtensionStmt: "extensions are installed by whoever runs the database",
  CreateRoleStmt: "roles are managed by whoever runs the database",
  AlterRoleStmt: "roles are managed by whoever runs the database",
  AlterRoleSetStmt: "roles are managed by whoever runs the database",
  DropRoleStmt: "roles are managed by whoever runs the database",
  GrantRoleStmt: "roles are managed by whoever runs the database",
  AlterSystemStmt: "the server's settings are managed by whoever runs it",
  AlterDatabaseSetStmt: "a database's settings are managed by whoever runs it",
  CreateForeignTableStmt: "foreign tables lead out of this database",
};

const READS = new Set(["SelectStmt", "ExplainStmt", "VariableShowStmt"]);

const OUTSIDE_TRANSACTIONS = new Set([
  "CreatedbStmt",
  "DropdbStmt",
  "CreateTableSpaceStmt",
  "DropTableSpaceStmt",
  "CreateSubscriptionStmt",
  "AlterSubscriptionStmt",
  "DropSubscriptionStmt",
  "ClusterStmt",
]);

function refuseStatement(type: string): void {
  if (READS.has(type)) throw new ToolError("UNSUPPORTED", "this only reads", { hint: "Use the query tool" });
  if (Object.hasOwn(REFUSED, type)) throw new ToolError("PERMISSION_DENIED", REFUSED[type] ?? "");
}

/** EXECUTE on a function or USAGE of a server would open what this server keeps closed. */
function refuseGrant(tree: TreeNode): void {
  if (tree.type !== "GrantStmt" || /_(TABLE|SEQUENCE|SCHEMA)$/.test(text(tree, "objtype"))) return;
  throw new ToolError("PERMISSION_DENIED", "only rights on tables, sequences and schemas are granted and revoked here");
}

/** A preview is a transaction that is rolled back, so there is none of what cannot run in one. */
function refuseOutsideTransaction(type: string, statement: unknown): void {
  const { is_vacuumcmd: vacuums, kind } = isObject(statement) ? statement : {};
  const wholeDatabase = type === "ReindexStmt" && kind !== "REINDEX_OBJECT_TABLE" && kind !== "REINDEX_OBJECT_INDEX";
  if (
    OUTSIDE_TRANSACTIONS.has(type) ||
    (type === "VacuumStmt" && vacuums) ||
    wholeDatabase ||
    isConcurrent(statement)
  ) {
    throw new ToolError("UNSUPPORTED", "this cannot run inside a transaction, so there can be no preview of it", {
      hint: "Leave CONCURRENTLY out, or have it run by whoever runs the database",
    });
  }
}

/** `concurrent` of DROP INDEX, CREATE INDEX and DETACH PARTITION; an option of REINDEX. */
function isConcurrent(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isConcurrent);
  if (!isObject(value)) return false;
  return value["concurrent"] === true || value["defname"] === "concurrently" || Object.values(value).some(isConcurrent);
}

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

function relationName(relation: TreeNode | undefined): string | undefined {
  if (relation?.type !== "RangeVar") return undefined;
  return [text(relation, "schemaname"), text(relation, "relname")].filter(Boolean).join(".");
}

/** DROP names its objects as lists of names. */
function droppedName(tree: TreeNode): string | undefined {
  const [object] = inSlot(tree, "objects");
  return object && (nameParts(object, "items").join(".") || undefined);
}
