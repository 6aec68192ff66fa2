import { expect, test } from "vitest";
import { queryGrammar } from "./grammar.js";
import { DETAILED, QUICK } from "./lookup-sql.js";
import { findMentions } from "./names.js";
import { parseOne } from "./parser.js";
import { buildTree, descendants, text } from "./tree.js";

test.each([
  ["quick", QUICK],
  ["detailed", DETAILED],
])(
  "the %s lookup names everything with its schema: it runs under a search_path that others may have filled",
  async (_, sql) => {
    const tree = buildTree((await parseOne(sql)).node, queryGrammar, "");
    const own = new Set([...descendants(tree)].map((node) => text(node, "ctename")).filter(Boolean));
    const { functions, operators, types, relations } = findMentions(tree);
    const named = [...functions.filter(({ asAttribute }) => !asAttribute), ...operators, ...relations];
    const open = named.filter(({ schema, name }) => schema !== "pg_catalog" && !own.has(name));
    expect(open.map(({ name }) => name)).toEqual([]);
    // A call with one argument is listed as a possible cast too; those were looked at above.
    expect(types.filter(({ schema }) => schema !== "pg_catalog").map(({ name }) => name)).toEqual([]);
  },
);
