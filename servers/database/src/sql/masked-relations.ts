import { ToolError } from "@mcp-reference/validation";
import type { Facts } from "./lookup.js";
import type { MaskedColumn } from "./masks.js";
import { descendants, firstIn, inSlot, nameParts, type TreeNode, text } from "./tree.js";

/** What a statement says about relations with masked columns. */
export interface MaskedRelations {
  columns: MaskedColumn[];
  /** Names of the masked columns. */
  names: Set<string>;
  /** What the statement calls the relations, each with the columns it has. */
  rows: Map<string, Set<string>>;
  /** The SELECTs and changes that have one in their FROM. */
  levels: Set<TreeNode | undefined>;
  /** For messages: `shop.users has masked columns (email)`. */
  label: string;
}

/**
 * Finds the relations with masked columns that a statement names.
 * @throws ToolError PERMISSION_DENIED for a view over one without a rule of its own, and for what renames its columns
 */
export function findMaskedRelations(statement: TreeNode, facts: Facts): MaskedRelations {
  const found: MaskedRelations = { columns: [], names: new Set(), rows: new Map(), levels: new Set(), label: "" };
  if (facts.masked.length === 0) return found;
  for (const node of descendants(statement)) {
    if (node.type !== "RangeVar") continue;
    for (const { root, rootName, rootSchema } of rootsOf(node, facts)) {
      const covered = facts.masked.filter((column) => column.root === root);
      const own = covered.flatMap(({ viewed, name, column, show }) =>
        viewed || column === null ? [] : [{ name, relation: root, column, show }],
      );
      const behind = covered.find(({ viewed }) => viewed);
      // A rule for any table is no word about this view, which may show the column under another name as well.
      if (behind && !covered.some(({ viewed, explicit }) => explicit && !viewed)) {
        throw new ToolError(
          "PERMISSION_DENIED",
          `${rootSchema}.${rootName} is a view of the masked column ${behind.name}`,
          {
            hint: "Query the table itself, or have a mask rule for the view added",
          },
        );
      }
      if (own.length === 0) continue;
      found.label ||= `${rootSchema}.${rootName} has masked columns (${own.map(({ name }) => name).join(", ")})`;
      found.columns.push(...own.map(({ relation, column, show }) => ({ relation, column, show })));
      for (const { name } of own) found.names.add(name);
      addRow(node, facts.columns[root] ?? [], found);
    }
  }
  for (const node of descendants(statement)) if (node.type === "RangeVar") addLevel(node, found);
  return found;
}

/** Every relation that a name could mean; a CTE of that name counts as one too, for which is meant depends on where it stands. */
function rootsOf(node: TreeNode, { relations, path }: Facts) {
  const schema = text(node, "schemaname");
  const named = relations.filter(
    ({ rootName, rootSchema }) =>
      rootName === text(node, "relname") && (schema ? rootSchema === schema : path.includes(rootSchema)),
  );
  return [...new Map(named.map((relation) => [relation.root, relation])).values()];
}

const rowName = (node: TreeNode) => text(firstIn(node, "alias"), "aliasname") || text(node, "relname");

function addRow(node: TreeNode, columns: readonly string[], found: MaskedRelations): void {
  const name = rowName(node);
  found.rows.set(name, new Set([...(found.rows.get(name) ?? columns)].filter((column) => columns.includes(column))));
  if (isTarget(node)) for (const version of ["old", "new"]) found.rows.set(version, new Set(columns));
}

const isTarget = ({ parent, slot }: TreeNode) =>
  slot === "relation" && /^(Insert|Update|Delete|Merge)Stmt$/.test(parent?.type ?? "");

function addLevel(node: TreeNode, found: MaskedRelations): void {
  if (!found.rows.has(rowName(node))) return;
  const refuse = (what: string) => {
    throw new ToolError("PERMISSION_DENIED", `${found.label}: ${what} could show them under other names`, {
      hint: "Name the columns that are needed, each with its table",
    });
  };
  const alias = firstIn(node, "alias");
  if (alias && inSlot(alias, "colnames").length > 0) refuse("a list of column aliases");
  let above = node.parent;
  for (; above && !above.type.endsWith("Stmt"); above = above.parent) {
    if (above.type !== "JoinExpr") continue;
    if (above.values["isNatural"]) refuse("a NATURAL join");
    if (firstIn(above, "alias") || firstIn(above, "join_using_alias")) refuse("an alias for a join");
    if (nameParts(above, "usingClause").some((column) => found.names.has(column))) refuse("JOIN … USING it");
  }
  found.levels.add(above);
}
