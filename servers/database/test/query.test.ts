import { connect, describePostgres, errorOf, startPostgres, type TestPostgres, textOf } from "@mcp-reference/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PageOutput } from "../src/format/page-output.js";
import definition from "../src/index.js";
import { type Watcher, watch } from "./watcher.js";

type Client = Awaited<ReturnType<typeof connect>>;

describePostgres("query", (version) => {
  let postgres: TestPostgres;
  let watcher: Watcher;
  let client: Client;

  beforeAll(async () => {
    postgres = await startPostgres({ version });
    watcher = await watch(postgres.url);
  });
  afterAll(async () => {
    await watcher.close();
    await postgres.stop("immediate");
  });
  beforeEach(async () => {
    client = await open();
  });

  const open = (argv: string[] = []) => connect(definition, { argv, env: { DATABASE_URL: postgres.url } });
  const call = (args: Record<string, unknown>, on = client) => on.callTool("query", args);
  const page = async (args: Record<string, unknown>, on = client) => {
    const result = await call(args, on);
    if (result.isError) throw new Error(textOf(result));
    return result.structuredContent as unknown as PageOutput;
  };
  const error = async (args: Record<string, unknown>, on = client) => errorOf(await call(args, on));

  it("gives columns with their types and rows as arrays", async () => {
    const { columns, rows, truncated } = await page({
      sql: "SELECT 1 AS a, 'x'::varchar(5) AS a, NULL, 1.50::numeric(5,2)",
    });
    expect(columns).toEqual([
      { name: "a", type: "integer" },
      { name: "a", type: "character varying(5)" },
      { name: "?column?", type: "text" },
      { name: "numeric", type: "numeric(5,2)" },
    ]);
    expect(rows).toEqual([["1", "x", null, "1.50"]]);
    expect(truncated).toBe(false);
  });

  it("takes no columns, no rows, EXPLAIN and SHOW", async () => {
    expect(await page({ sql: "SELECT" })).toMatchObject({ columns: [], rows: [[]] });
    expect(await page({ sql: "SELECT 1 WHERE false" })).toMatchObject({ rows: [], truncated: false });
    expect((await page({ sql: "EXPLAIN (COSTS off) SELECT 1" })).rows).toEqual([["Result"]]);
    expect((await page({ sql: "SHOW standard_conforming_strings" })).rows).toEqual([["on"]]);
    expect((await page({ sql: "VALUES (1), (2);" })).rows).toEqual([["1"], ["2"]]);
  });

  it("passes parameters as what PostgreSQL takes them for", async () => {
    const { rows } = await page({
      sql: "SELECT $1::int, $2::text[], $3::jsonb, $4::text, $5::jsonb, $6::boolean, $7::numeric",
      params: [1, ["a", null, 'b"\\', ["x"]].slice(0, 3), { a: [1] }, null, [1, "2"], true, "12345678901234567890.1"],
    });
    expect(rows).toEqual([["1", '{a,NULL,"b\\"\\\\"}', '{"a": [1]}', null, '[1, "2"]', "t", "12345678901234567890.1"]]);
    expect(await error({ sql: "SELECT $1::int" })).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await error({ sql: "SELECT 1", params: [1] })).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await error({ sql: "SELECT $1::int", params: ["x"] })).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await error({ sql: "SELECT $1::text", params: ["a\0b"] })).toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it("pages through a result without gaps and repeats", async () => {
    const sql = "SELECT n, repeat('x', (n * 7919) % 300) FROM generate_series(1, 5000) AS n";
    for (const size of [{ limit: 700 }, { max_bytes: 20_000 }, { limit: 1, max_bytes: 400 }]) {
      const most = size.limit === 1 ? 20 : 5000;
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const { rows, nextCursor, truncated } = await page({ sql, ...size, ...(cursor && { cursor }) });
        expect(truncated).toBe(nextCursor !== undefined);
        seen.push(...rows.map(([n]) => Number(n)));
        cursor = nextCursor;
      } while (cursor && seen.length < most);
      expect(seen).toEqual(Array.from({ length: most }, (_, index) => index + 1));
    }
  });

  it("gives a page once, to its caller, for the same statement", async () => {
    const sql = "SELECT generate_series(1, 10)";
    const { nextCursor } = await page({ sql, limit: 3 });
    expect(await error({ sql: "SELECT 2", limit: 3, cursor: nextCursor })).toMatchObject({ code: "INVALID_ARGUMENT" });
    const other = await connect(definition, {
      env: { DATABASE_URL: postgres.url },
      caller: { id: "somebody else", scopes: "all" },
    });
    expect(await error({ sql, limit: 3, cursor: nextCursor }, other)).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect((await page({ sql, limit: 3, cursor: nextCursor })).rows).toEqual([["4"], ["5"], ["6"]]);
    expect(await error({ sql, limit: 3, cursor: nextCursor })).toMatchObject({
      code: "CONFLICT",
      hint: expect.stringContaining("Run the query again"),
    });
  });

  it("holds few results, and none so that others wait", async () => {
    const small = await open(["--pool-size", "2", "--pool-wait", "1"]);
    const cursors: (string | undefined)[] = [];
    for (let count = 0; count < 6; count++) {
      cursors.push((await page({ sql: `SELECT ${count}, generate_series(1, 100000)`, limit: 1 }, small)).nextCursor);
    }
    expect(
      await error({ sql: "SELECT 0, generate_series(1, 100000)", limit: 1, cursor: cursors[0] }, small),
    ).toMatchObject({
      code: "CONFLICT",
    });
    const newest = await page({ sql: "SELECT 5, generate_series(1, 100000)", limit: 2, cursor: cursors[5] }, small);
    expect(newest.rows).toEqual([
      ["5", "2"],
      ["5", "3"],
    ]);
  });

  it("cuts at rows and bytes, whatever the rows weigh", async () => {
    const wide = await page({ sql: "SELECT repeat('é', 30000) FROM generate_series(1, 1000000)" });
    expect(wide).toMatchObject({ truncated: true });
    expect(wide.rows).toHaveLength(3);
    const many = await page({ sql: "SELECT generate_series(1, 1000000000000)" });
    expect(many.rows).toHaveLength(1000);
    expect(await error({ sql: "SELECT repeat('x', 300000)" })).toMatchObject({ code: "TOO_LARGE" });
    expect(await error({ sql: "SELECT 1, repeat('x', 200)", max_bytes: 100 })).toMatchObject({ code: "TOO_LARGE" });
  });

  it("writes the text as a table, CSV or JSON in which NULL and text stay apart", async () => {
    const sql = `SELECT NULL AS a, 'NULL' AS "b,c", '' AS d, 'x | y' AS e, E'two\\nlines "q"' AS f`;
    const body = async (format: string) => textOf(await call({ sql, format })).split("\n-- ")[0];
    expect(await body("table")).toBe('a | b,c | d | e | f\nNULL | "NULL" | "" | "x | y" | "two\nlines ""q"""');
    expect(await body("csv")).toBe('a,"b,c",d,e,f\n,NULL,"",x | y,"two\nlines ""q"""');
    expect(await body("json")).toBe('["a","b,c","d","e","f"]\n[null,"NULL","","x | y","two\\nlines \\"q\\""]');
  });

  it("says what is wrong with a statement in one line", async () => {
    expect(await error({ sql: "SELEC 1" })).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining("SELEC"),
    });
    expect(await error({ sql: "SELECT * FROM nowhere" })).toMatchObject({ code: "NOT_FOUND" });
    expect(await error({ sql: "SELECT 1/0" })).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await error({ sql: "" })).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await error({ sql: "SELECT 1", database: "other" })).toMatchObject({ code: "NOT_FOUND" });
  });

  it("ends a statement at its own deadline, and the connection goes on", async () => {
    expect(await error({ sql: "SELECT pg_sleep(600)", timeout_ms: 100 })).toMatchObject({ code: "TIMEOUT" });
    expect((await page({ sql: "SELECT 1" })).rows).toEqual([["1"]]);
  });

  it("keeps to what an administrator set for the role", async () => {
    await watcher.query("ALTER ROLE postgres SET statement_timeout = '50ms'");
    const limited = await open();
    expect(await error({ sql: "SELECT pg_sleep(600)", timeout_ms: 20_000 }, limited)).toMatchObject({
      code: "TIMEOUT",
    });
    await watcher.query("ALTER ROLE postgres RESET statement_timeout");
  });

  describe("in parallel", () => {
    it("runs twenty calls at once, on as many connections", async () => {
      const many = await open(["--pool-size", "20"]);
      const calls = Array.from({ length: 20 }, () => call({ sql: "SELECT pg_sleep(600) AS all_at_once" }, many));
      await watcher.until(
        "SELECT count(*) = 20 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%all_at_once%' AND pid <> pg_backend_pid()",
      );
      await watcher.query(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%all_at_once%' AND pid <> pg_backend_pid()",
      );
      expect((await Promise.all(calls)).map((result) => errorOf(result)?.code)).toEqual(Array(20).fill("CANCELLED"));
    });

    it("refuses in time when all connections stay busy", async () => {
      const two = await open(["--pool-size", "2", "--pool-wait", "0.2"]);
      const busy = [1, 2].map(() => call({ sql: "SELECT pg_sleep(600)", timeout_ms: 3000 }, two));
      const refused = await error({ sql: "SELECT 1" }, two);
      expect(refused).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("busy") });
      await Promise.all(busy);
    });
  });
});
