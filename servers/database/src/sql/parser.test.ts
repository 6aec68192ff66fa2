import { ToolError } from "@mcp-reference/validation";
import { expect, test } from "vitest";
import { queryGrammar } from "./grammar.js";
import { loadParser, parseOne } from "./parser.js";
import { buildTree } from "./tree.js";

/** What the gate does with every statement before it asks anybody. */
const read = async (sql: string) => buildTree((await parseOne(sql)).node, queryGrammar, "");

const nested = (open: string, core: string, close: string) => (depth: number) =>
  `SELECT ${open.repeat(depth)}${core}${close.repeat(depth)}`;

const DEEP: Record<string, (depth: number) => string> = {
  parentheses: nested("(", "1", ")"),
  subqueries: nested("(SELECT ", "1", ")"),
  calls: nested("f(", "1", ")"),
  arrays: nested("ARRAY[", "1", "]"),
  negations: nested("NOT ", "true", ""),
  signs: nested("- ", "1", ""),
  sums: nested("", "1", " + 1"),
  casts: nested("", "1", "::int"),
  tests: nested("", "1", " IS NULL"),
  cases: nested("CASE WHEN true THEN ", "1", " END"),
  unions: (depth) => `SELECT 1${" UNION SELECT 1".repeat(depth)}`,
  joins: (depth) => `SELECT 1 FROM a${" CROSS JOIN a".repeat(depth)}`,
};

test.each(Object.entries(DEEP))(
  "%s as deep as SQL may be long are refused, and the parser lives on",
  async (_, make) => {
    const unit = make(2).length - make(1).length;
    for (const depth of [2000, 4000, 6000, 10_000, Math.floor(99_000 / unit)]) {
      const sql = make(depth);
      if (sql.length > 100_000) continue;
      const error = await read(sql).catch((reason) => reason);
      // Parentheses alone leave nothing in the tree.
      if (error instanceof ToolError) expect(error.code).toBe("TOO_LARGE");
      else expect(error).toMatchObject({ type: "SelectStmt" });
    }
    await expect(parseOne("SELECT 'still here'")).resolves.toMatchObject({ text: "SELECT 'still here'" });
  },
);

test("what people write is not too deep", async () => {
  await read(`SELECT ${"1 + ".repeat(300)}1 WHERE ${"a = 1 AND ".repeat(2000)}true`);
  await read(`SELECT a IN (${"1, ".repeat(20_000)}1)`);
  await read(`SELECT 1${" UNION ALL SELECT 1".repeat(300)}`);
});

test("many overflows leave nothing behind", async () => {
  for (let round = 0; round < 20; round++)
    await expect(read(`SELECT ${"NOT ".repeat(20_000)}true`)).rejects.toThrow(ToolError);
  await expect(read("SELECT 1")).resolves.toMatchObject({ type: "SelectStmt" });
});

test("SQL over 100 kB is too large, in bytes", async () => {
  await expect(parseOne(`SELECT '${"x".repeat(99_000)}'`)).resolves.toBeDefined();
  await expect(parseOne(`SELECT '${"é".repeat(50_001)}'`)).rejects.toMatchObject({ code: "TOO_LARGE" });
});

test("a syntax error says where it is, in characters", async () => {
  await expect(parseOne("SELECT 'ééé',\n  1 frm x y")).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    details: { line: 2, column: 9, position: 23 },
  });
});

test.each(["", " ", ";", "-- x", "/* x */;;"])("%j is no statement", async (sql) => {
  await expect(parseOne(sql)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});

test("the statement's text is without what ends it", async () => {
  await expect(parseOne("/* ü */ DELETE FROM a ; ; -- é")).resolves.toMatchObject({ text: "DELETE FROM a" });
});

test("statements parsed at the same time do not meet", async () => {
  await loadParser();
  const many = Array.from({ length: 50 }, (_, index) => parseOne(`SELECT ${index}, '${"y".repeat(index * 50)}'`));
  const texts = (await Promise.all(many)).map(({ text }) => text);
  expect(texts.map((text) => text.slice(7, text.indexOf(",")))).toEqual(many.map((_, index) => String(index)));
});
