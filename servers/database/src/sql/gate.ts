import { ToolError } from "@mcp-reference/validation";
import type { Reader } from "../engine/types.js";
import { refuseFunctions } from "./function-rules.js";
import { queryGrammar } from "./grammar.js";
import { type Facts, lookUp } from "./lookup.js";
import { maskedOutput } from "./mask-rules.js";
import type { MaskedColumn } from "./masks.js";
import { refuseNames } from "./name-rules.js";
import { findMentions, type Mentions } from "./names.js";
import { parseOne } from "./parser.js";
import type { GatePolicy } from "./policy.js";
import { refuseRelations } from "./relation-rules.js";
import { remembering } from "./remembering.js";
import { isSecretSetting } from "./reviewed.js";
import { buildTree, firstIn, type TreeNode, text } from "./tree.js";
import { hasNewSyntax, refuseNewSyntax } from "./version-rules.js";
import { checkWrite, type WriteStatement } from "./write.js";

export type { MaskedColumn } from "./masks.js";
export type { GatePolicy } from "./policy.js";
export type { WriteStatement } from "./write.js";

/** A statement that may run in a read-only session. */
export interface CheckedStatement {
  kind: "select" | "explain" | "show";
  /** Columns whose values must not be shown, wherever they come out. */
  masked: readonly MaskedColumn[];
}

export interface Gate {
  /**
   * Decides whether a statement may run in a read-only session.
   * @param reader asks the catalog in the transaction and under the search_path that the statement will run with
   * @throws ToolError INVALID_ARGUMENT, TOO_LARGE, UNSUPPORTED, or PERMISSION_DENIED with what, why and what to do
   */
  check(sql: string, reader: Reader): Promise<CheckedStatement>;
  /**
   * Decides whether a statement may run in a transaction that writes.
   * @throws ToolError as `check`; UNSUPPORTED for what cannot run in a transaction, or only reads
   */
  checkWrite(sql: string, reader: Reader): Promise<WriteStatement>;
}

/** What the text of a statement alone says. */
interface Reading {
  statement: TreeNode;
  kind: CheckedStatement["kind"];
  mentions: Mentions;
}

/** The guard before SQL that a model wrote, on PostgreSQL's own parser and the database's own catalog. */
export function createGate(policy: GatePolicy): Gate {
  const read = remembering(async (sql): Promise<Reading> => {
    const { node } = await parseOne(sql);
    const statement = buildTree(node, queryGrammar, "Send one SELECT, VALUES, TABLE, SHOW or EXPLAIN of these");
    return { statement, kind: kindOf(statement), mentions: findMentions(statement) };
  });
  return {
    async check(sql, reader) {
      const { statement, kind, mentions } = await read(sql);
      if (kind === "show") return checkShow(statement, reader);
      const query = kind === "explain" ? firstIn(statement, "query") : statement;
      const facts = await checkNames(statement, mentions, policy, reader, "read");
      return { kind, masked: query && facts ? maskedOutput(query, facts) : [] };
    },
    checkWrite: (sql, reader) =>
      checkWrite(sql, policy, (tree) => checkNames(tree, findMentions(tree), policy, reader, "write")),
  };
}

/** Checks everything a statement names. @returns what the catalog says; undefined when there was nothing to ask */
async function checkNames(
  tree: TreeNode,
  mentions: Mentions,
  policy: GatePolicy,
  reader: Reader,
  use: "read" | "write",
): Promise<Facts | undefined> {
  refuseNames(mentions, policy, use);
  if (isPlain(mentions) && !hasNewSyntax(tree)) return undefined;
  const facts = await lookUp(mentions, policy.masks, reader);
  refuseNewSyntax(tree, facts);
  refuseFunctions(mentions, facts, policy, use);
  refuseRelations(facts, policy);
  return facts;
}

/** Constants, and nothing that a user could have made. */
const isPlain = (mentions: Mentions) => Object.values(mentions).every(({ length }) => length === 0);

function kindOf(statement: TreeNode): CheckedStatement["kind"] {
  if (statement.type === "VariableShowStmt") return "show";
  const query = statement.type === "ExplainStmt" ? firstIn(statement, "query") : statement;
  // EXPLAIN of SHOW and the like is refused by PostgreSQL; parts of statements are never statements.
  if (query?.type !== "SelectStmt") throw new ToolError("PERMISSION_DENIED", "only queries can be explained");
  return statement === query ? "select" : "explain";
}

async function checkShow(statement: TreeNode, reader: Reader): Promise<CheckedStatement> {
  const setting = text(statement, "name");
  if (isSecretSetting(setting)) {
    throw new ToolError("PERMISSION_DENIED", `the setting ${setting} may hold a secret`);
  }
  if (setting === "all") {
    const settings = { schema: undefined, name: "pg_settings", node: statement };
    const facts = await lookUp({ functions: [], operators: [], types: [], relations: [settings] }, [], reader);
    refuseRelations(facts, { allowFunctions: [], masks: [] });
  }
  return { kind: "show", masked: [] };
}
