import { descendants, firstIn, inSlot, nameParts, type TreeNode, text } from "./tree.js";

/** A name as it was written; without schema it is searched along search_path. */
export interface Name {
  schema: string | undefined;
  name: string;
}

export interface CalledFunction extends Name {
  /** How many arguments; undefined when that cannot be told. */
  args: number | undefined;
  /** `row.name`, which is a column in nearly every case but may call a function of the row. */
  asAttribute: boolean;
  node: TreeNode;
}

export interface NamedRelation extends Name {
  node: TreeNode;
}

/** Everything a statement names that could lead to code or data. */
export interface Mentions {
  functions: CalledFunction[];
  operators: Name[];
  types: Name[];
  relations: NamedRelation[];
}

const BETWEEN = [">=", "<=", "<", ">"];

/** Collects what a statement names, at any depth, and what its syntax stands for: `IN` is `=`, `BETWEEN` two comparisons. */
export function findMentions(statement: TreeNode): Mentions {
  const found: Mentions = { functions: [], operators: [], types: [], relations: [] };
  for (const node of descendants(statement)) collectors[node.type]?.(node, found);
  return found;
}

const collectors: Readonly<Record<string, (node: TreeNode, found: Mentions) => void>> = {
  FuncCall: addCall,
  ColumnRef(node, { functions }) {
    const parts = nameParts(node, "fields");
    const field = inSlot(node, "fields").at(-1)?.type === "String" ? parts.at(-1) : undefined;
    if (field !== undefined && parts.length > 1) functions.push(attribute(field, node));
  },
  A_Indirection(node, { functions }) {
    for (const field of nameParts(node, "indirection")) functions.push(attribute(field, node));
  },
  A_Expr(node, { operators }) {
    if (!text(node, "kind").includes("BETWEEN")) operators.push(qualified(nameParts(node, "name")));
    else for (const name of BETWEEN) operators.push({ schema: undefined, name });
  },
  SubLink(node, { operators }) {
    const named = nameParts(node, "operName");
    if (named.length > 0) operators.push(qualified(named));
    else if (firstIn(node, "testexpr")) operators.push({ schema: undefined, name: "=" });
  },
  CaseExpr(node, { operators }) {
    if (firstIn(node, "arg")) operators.push({ schema: undefined, name: "=" });
  },
  JoinExpr(node, { operators }) {
    if (node.values["isNatural"] || firstIn(node, "usingClause")) operators.push({ schema: undefined, name: "=" });
  },
  CTECycleClause(_, { operators }) {
    operators.push({ schema: undefined, name: "=" }, { schema: undefined, name: "<>" });
  },
  SortBy(node, { operators }) {
    const using = nameParts(node, "useOp");
    if (using.length > 0) operators.push(qualified(using));
  },
  TypeName(node, { types }) {
    // `'1 day'::interval` is one of PostgreSQL's own by its grammar, and a literal goes through no cast.
    const [schema, name] = nameParts(node, "names");
    const literal = node.parent?.type === "TypeCast" && firstIn(node.parent, "arg")?.type === "A_Const";
    if (!(literal && schema === "pg_catalog" && name)) types.push(qualified(nameParts(node, "names")));
  },
  RangeVar(node, { relations }) {
    const schema = text(node, "schemaname");
    relations.push({ schema: schema || undefined, name: text(node, "relname"), node });
  },
};

function addCall(node: TreeNode, { functions, types }: Mentions): void {
  const called = qualified(nameParts(node, "funcname"));
  const args = inSlot(node, "args").length + (node.values["agg_within_group"] ? inSlot(node, "agg_order").length : 0);
  const call = { args: node.values["func_variadic"] ? undefined : args, asAttribute: false, node };
  functions.push({ ...called, ...call });
  // Before PostgreSQL 16 the grammar had no json_object of its own: the call is then searched along search_path.
  if (called.schema === "pg_catalog" && called.name === "json_object") {
    functions.push({ schema: undefined, name: called.name, ...call });
  }
  // `money(x)` is a cast when there is no such function.
  if (args === 1) types.push(called);
}

const attribute = (name: string, node: TreeNode): CalledFunction => ({
  schema: undefined,
  name,
  args: 1,
  asAttribute: true,
  node,
});

/** The last two parts; a database's name before them says nothing, for there is only this one. */
function qualified(parts: readonly string[]): Name {
  return { schema: parts.at(-2), name: parts.at(-1) ?? "" };
}
