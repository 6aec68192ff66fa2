import { startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { ToolError } from "@mcp-reference/validation";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyMasks } from "../src/engine/masking.js";
import { createGate } from "../src/sql/gate.js";
import { parseMask } from "../src/sql/masks.js";
import { readerOf } from "./gate-reader.js";

let server: TestPostgres;
let client: pg.Client;

/** The same tables twice; only what is masked differs. */
const tables = (schema: string, secret: (n: number) => string) => `
  CREATE SCHEMA ${schema};
  CREATE TABLE ${schema}.users (id int PRIMARY KEY, name text, email text, age int);
  CREATE TABLE ${schema}.orders (id int PRIMARY KEY, user_id int, email text, total int);
  INSERT INTO ${schema}.users VALUES ${[1, 2, 3, 4].map((n) => `(${n}, 'n${n % 2}', '${secret(n)}', ${n * 10})`).join()};
  INSERT INTO ${schema}.orders SELECT n, 1 + n % 4, 'o' || n, n * 5 FROM generate_series(1, 6) n;
  CREATE VIEW ${schema}.contacts AS SELECT id, email AS contact FROM ${schema}.users;`;

beforeAll(async () => {
  server = await startPostgres();
  client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(tables("one", (n) => ["zoe@secret", "abe@secret", "abe@secret", "moe@secret"][n - 1] ?? ""));
  await client.query(tables("two", (n) => ["abe@hidden", "kim@hidden", "zoe@hidden", "lea@hidden"][n - 1] ?? ""));
  await client.query("CREATE FUNCTION public.effect() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'x'; END $$");
});

afterAll(async () => {
  await client.end();
  await server.stop();
});

const gap = fc.constantFrom(" ", "\n", "\t ", " /* a */ ", " /* ' /* \" */ ; */ ", " -- b'\n", "\r\n");
const optionalGap = fc.oneof(fc.constant(""), gap);

/** One name, written in one of the many ways that PostgreSQL reads as the same. */
const written = (name: string): fc.Arbitrary<string> => {
  const letters = Array.from(name);
  const cased = fc
    .tuple(...letters.map(() => fc.boolean()))
    .map((upper) => letters.map((c, i) => (upper[i] ? c.toUpperCase() : c)).join(""));
  const escaped = fc.tuple(...letters.map(() => fc.constantFrom(0, 1, 2))).map((ways) => {
    const hex = (c: string, length: number) => (c.codePointAt(0) ?? 0).toString(16).padStart(length, "0");
    return `U&"${letters.map((c, i) => [c, `\\${hex(c, 4)}`, `\\+${hex(c, 6)}`][ways[i] ?? 0]).join("")}"`;
  });
  return fc.oneof(cased, fc.constant(`"${name}"`), escaped);
};

const DENIED = [
  ["pg_catalog", "pg_read_file", "'PG_VERSION'"],
  ["pg_catalog", "pg_ls_dir", "'.'"],
  ["pg_catalog", "set_config", "'role', 'x', false"],
  ["pg_catalog", "pg_advisory_lock", "1"],
  ["pg_catalog", "pg_switch_wal", ""],
  ["pg_catalog", "query_to_xml", "'SELECT 1', true, true, ''"],
  ["pg_catalog", "lo_import", "'/etc/passwd'"],
  ["pg_catalog", "pg_terminate_backend", "1"],
  ["public", "effect", ""],
] as const;

const call = fc
  .constantFrom(...DENIED)
  .chain(([schema, name, args]) =>
    fc
      .tuple(fc.boolean(), written(schema), written(name), optionalGap, optionalGap, optionalGap)
      .map(([qualified, s, n, a, b, c]) => `${qualified ? `${s}${a}.${b}` : ""}${n}${c}(${a}${args}${b})`),
  );

const WRAPPINGS: readonly ((x: string) => string)[] = [
  (x) => `(${x})`,
  (x) => `(${x})::text`,
  (x) => `CAST(${x} AS text)`,
  (x) => `coalesce((${x})::text, 'a')`,
  (x) => `CASE WHEN (${x}) IS NULL THEN 1 END`,
  (x) => `CASE 1 WHEN 2 THEN ${x} END`,
  (x) => `(ARRAY[${x}])[1]`,
  (x) => `ROW(1, ${x})`,
  (x) => `(SELECT ${x})`,
  (x) => `(SELECT y FROM (SELECT ${x} AS y) s)`,
  (x) => `(WITH c AS MATERIALIZED (SELECT ${x} AS y) SELECT y FROM c)`,
  (x) => `(VALUES (${x}))`,
  (x) => `EXISTS (SELECT 1 FROM (VALUES (1)) v(n) WHERE (${x}) IS NULL)`,
  (x) => `ARRAY(SELECT ${x})`,
  (x) => `((${x}) IS NOT NULL AND true)`,
  (x) => `count(*) FILTER (WHERE (${x}) IS NULL)`,
  (x) => `length(concat(${x}, 'a') COLLATE "C")`,
  (x) => `greatest((${x})::text, 'a')`,
  (x) => `xmlelement(name a, ${x})`,
  (x) => `to_jsonb(${x}) -> 'a'`,
];

const STATEMENTS: readonly ((x: string) => string)[] = [
  (x) => `SELECT ${x}`,
  (x) => `VALUES (1), (${x})`,
  (x) => `SELECT 1 WHERE (${x}) IS NULL`,
  (x) => `SELECT 1 ORDER BY ${x}`,
  (x) => `SELECT 1 UNION ALL SELECT 1 WHERE (${x}) IS NULL`,
  (x) => `SELECT 1 LIMIT (SELECT 1 WHERE (${x}) IS NULL)`,
  (x) => `EXPLAIN (ANALYZE) SELECT ${x}`,
  (x) => `SELECT count(*) FROM one.users u LEFT JOIN LATERAL (SELECT ${x}) l ON (${x}) IS NULL`,
  (x) => `WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 2 AND (${x}) IS NULL) TABLE r`,
  (x) => `SELECT sum(1) OVER (PARTITION BY (${x})::text) FROM one.users GROUP BY CUBE (id)`,
];

const deniedStatement = fc
  .tuple(call, fc.array(fc.constantFrom(...WRAPPINGS), { maxLength: 6 }), fc.constantFrom(...STATEMENTS), optionalGap)
  .map(([denied, wrappings, statement, before]) => before + statement(wrappings.reduce((x, wrap) => wrap(x), denied)));

test("a denied call stays denied, however it is written and wherever it stands", async () => {
  const gate = createGate({ allowFunctions: [], masks: [] });
  await fc.assert(
    fc.asyncProperty(deniedStatement, async (sql) => {
      await expect(gate.check(sql, readerOf(client))).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    }),
    { numRuns: 500 },
  );
});

interface Source {
  from: string;
  columns: readonly string[];
  rows: readonly string[];
}

const PLAIN: readonly Source[] = [
  { from: "users", columns: ["id", "name", "email", "age", "users.id", "users.email"], rows: ["users"] },
  { from: "users u", columns: ["id", "name", "u.age", "u.name", "email", "u.email"], rows: ["u"] },
  { from: "ONLY users u", columns: ["id", "u.name", "u.email"], rows: ["u"] },
  { from: "orders o", columns: ["id", "total", "o.email", "email"], rows: ["o"] },
  {
    from: "users u JOIN orders o ON o.user_id = u.id",
    columns: ["u.id", "o.id", "o.email", "total", "u.email", "name"],
    rows: ["u", "o"],
  },
  { from: "users u JOIN orders o USING (email)", columns: ["email", "u.id"], rows: ["u"] },
  { from: "users u NATURAL LEFT JOIN orders o", columns: ["id", "email", "u.email", "total"], rows: ["u"] },
  { from: "users AS u(a, b, c, d)", columns: ["a", "c", "u.c"], rows: ["u"] },
  { from: "(users u CROSS JOIN (SELECT 1) k) AS j", columns: ["j.id", "j.email", "email"], rows: ["j"] },
  { from: "contacts", columns: ["id", "contact"], rows: ["contacts"] },
];

const element = (source: Source): fc.Arbitrary<string> => {
  const column = fc.constantFrom(...source.columns);
  const row = fc.constantFrom(...source.rows);
  const call = fc.constantFrom("lower", "length", "md5");
  return fc.oneof(
    { weight: 20, arbitrary: column },
    { weight: 1, arbitrary: fc.tuple(call, column).map(([f, c]) => `${f}(${c}::text)`) },
    { weight: 1, arbitrary: column.map((c) => `rank() OVER (ORDER BY ${c})`) },
    { weight: 1, arbitrary: column.map((c) => `(SELECT ${c})`) },
    {
      weight: 1,
      arbitrary: row.chain((r) =>
        fc.constantFrom(r, `row_to_json(${r})`, `(${r}).email`, `${r}.to_jsonb`, `${r}::text`, `email(${r})`),
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom("1", "count(*) OVER ()", "(SELECT max(email) FROM users)") },
  );
};

/** @param two exactly two columns, x and y, for use inside another query */
const queryFrom = (source: Source, two: boolean): fc.Arbitrary<string> => {
  const item = element(source);
  const star = fc.constantFrom("*", ...source.rows.map((row) => `${row}.*`));
  const named = fc
    .tuple(item, fc.constantFrom("", " AS id", " AS email", " AS e"))
    .map(([value, alias]) => value + alias);
  const outputs = two
    ? fc.tuple(item, item).map(([x, y]) => `${x} AS x, ${y} AS y`)
    : fc
        .array(fc.oneof({ weight: 4, arbitrary: named }, { weight: 1, arbitrary: star }), {
          minLength: 1,
          maxLength: 3,
        })
        .map((all) => all.join(", "));
  const at = <T>(weight: number, arbitrary: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 8 - weight, arbitrary: fc.constant(null) }, { weight, arbitrary });
  return fc
    .record({
      distinct: at(1, fc.constantFrom("DISTINCT ", "DISTINCT ON (1) ")),
      outputs,
      where: at(
        1,
        fc.oneof(
          item.map((c) => `(${c})::text < 'm'`),
          fc.constantFrom("EXISTS (SELECT * FROM users)", "EXISTS (SELECT 1 FROM users WHERE email < 'b')"),
        ),
      ),
      order: at(3, fc.oneof(item, fc.constantFrom("1", "2 DESC"), fc.constant("e"))),
      union: at(1, fc.constantFrom("SELECT email, email FROM users", "SELECT 'a', 'b'")),
    })
    .map(({ distinct, outputs, where, order, union }) =>
      [
        `SELECT ${distinct ?? ""}${outputs} FROM ${source.from}`,
        where && `WHERE ${where}`,
        union && two ? `UNION ALL ${union}` : "",
        order && `ORDER BY ${order}`,
      ]
        .filter(Boolean)
        .join(" "),
    );
};

const plain = fc.constantFrom(...PLAIN);
const derived = plain
  .chain((source) => queryFrom(source, true))
  .chain((inner) =>
    fc.constantFrom(
      { from: `(${inner}) s`, columns: ["x", "s.y"], rows: ["s"] },
      { from: `(${inner}) s(id, email)`, columns: ["id", "s.email", "email"], rows: ["s"] },
      { from: `users u, LATERAL (${inner}) s`, columns: ["u.id", "x", "s.y", "u.email"], rows: ["s", "u"] },
    ),
  );
const query = fc.oneof(plain, derived).chain((source) => queryFrom(source, false));

test("whatever is let through gives the same with other values under the mask", async () => {
  const masks = ["one.users.email", "two.users.email"].map(parseMask);
  const gate = createGate({ allowFunctions: [], masks });
  let compared = 0;
  const run = async (schema: string, sql: string): Promise<string | undefined> => {
    await client.query(`BEGIN READ ONLY; SET LOCAL search_path = ${schema}`);
    try {
      const { masked } = await gate.check(sql, readerOf(client));
      const { rows, fields } = await client.query({ text: sql, rowMode: "array" as const });
      return JSON.stringify(rows.map(applyMasks(masked, fields)));
    } catch (error) {
      if (error instanceof ToolError) return undefined;
      if (error instanceof pg.DatabaseError) return `error ${error.code}`;
      throw error;
    } finally {
      await client.query("ROLLBACK");
    }
  };
  await fc.assert(
    fc.asyncProperty(query, async (sql) => {
      const [one, two] = [await run("one", sql), await run("two", sql)];
      expect(one).toBe(two);
      if (one?.startsWith("[")) compared++;
    }),
    { numRuns: 1000 },
  );
  expect(compared).toBeGreaterThan(40);
}, 120_000);
