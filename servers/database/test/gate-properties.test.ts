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

/** Pieces that may fit together; PostgreSQL refuses the rest. */
const column = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("id", "name", "age", "u.id", "u.name") },
  {
    weight: 3,
    arbitrary: fc.constantFrom("email", "u.email", "users.email", "o.email", "total", "s.x", "s.email", "contact"),
  },
);
const output = fc.oneof(
  { weight: 3, arbitrary: column },
  fc.constantFrom(
    "*",
    "u.*",
    "s.*",
    "u",
    "users",
    "(u).email",
    "count(*)",
    "count(u)",
    "u.to_jsonb",
    "email(u)",
    "row_to_json(u)",
    "1",
  ),
  fc.tuple(column, fc.constantFrom("x", "id", "email", "e")).map(([c, alias]) => `${c} AS ${alias}`),
  fc
    .tuple(fc.constantFrom("lower", "max", "length", "md5", "count", "string_agg"), column)
    .map(([f, c]) => (f === "string_agg" ? `string_agg(${c}, ',')` : `${f}(${c})`)),
  column.map((c) => `${c} || ''`),
  column.map((c) => `rank() OVER (ORDER BY ${c})`),
  column.map((c) => `(SELECT ${c})`),
);
const condition = fc.oneof(
  fc.constantFrom(
    "id > 1",
    "u.id = 2",
    "true",
    "EXISTS (SELECT * FROM users)",
    "EXISTS (SELECT 1 FROM users WHERE email LIKE 'a%')",
  ),
  column.map((c) => `${c}::text < 'm'`),
);
const order = fc.oneof(column, fc.constantFrom("1", "2", "x", "e", "u", "length(email)", "1 DESC"));
const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const flatSource = fc.constantFrom(
  "users",
  "users u",
  "users u",
  "users u",
  "orders o",
  "users u JOIN orders o ON o.user_id = u.id",
  "users u JOIN orders o USING (email)",
  "users AS u(a, b, c, d)",
  "(users u CROSS JOIN orders o)",
  "contacts",
  "users u NATURAL JOIN orders o",
  "ONLY users u",
);

const queryFrom = (source: fc.Arbitrary<string>, inner: fc.Arbitrary<string>) =>
  fc
    .record({
      distinct: fc.constantFrom("", "", "", "DISTINCT ", "DISTINCT ON (1) "),
      outputs: fc.array(output, { minLength: 1, maxLength: 3 }),
      source,
      where: fc.option(condition, { freq: 2 }),
      group: rarely(column),
      order: fc.option(order, { freq: 2 }),
      union: rarely(inner),
      cte: rarely(inner),
    })
    .map(({ distinct, outputs, source, where, group, order, union, cte }) =>
      [
        cte === null ? "" : `WITH s AS (${cte})`,
        `SELECT ${distinct}${outputs.join(", ")} FROM ${source}${cte === null ? "" : ", s"}`,
        where === null ? "" : `WHERE ${where}`,
        group === null ? "" : `GROUP BY ${group}`,
        union === null ? "" : `UNION ALL (${union})`,
        order === null ? "" : `ORDER BY ${order}`,
      ].join(" "),
    );

const flatQuery = queryFrom(
  flatSource,
  fc.constantFrom("SELECT 1", "SELECT email FROM users", "SELECT id AS x, 'a' AS email FROM users"),
);
const query = queryFrom(
  fc.oneof(
    flatSource,
    flatQuery.map((q) => `(${q}) s`),
    flatQuery.map((q) => `users u, LATERAL (${q}) s`),
    flatQuery.map((q) => `(${q}) s(x, email)`),
  ),
  flatQuery,
);

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
