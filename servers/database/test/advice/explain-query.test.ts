import { describePostgres, startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ExplainRequest, explainQuery } from "../../src/advice/plan/explain-query.js";
import type { Plan } from "../../src/advice/plan/plan-node.js";
import { hasExtension } from "../has-extension.js";
import { type OpenDatabase, openDatabase } from "./open-database.js";

const SCHEMA = `
CREATE SCHEMA shop;
CREATE TABLE shop.customers (id int PRIMARY KEY, email varchar(80), country text);
CREATE TABLE shop.orders (id bigint PRIMARY KEY, customer_id int REFERENCES shop.customers, status text, city text, zip text, total numeric, note text);
INSERT INTO shop.customers SELECT i, 'User' || i || '@example.com', (ARRAY['de', 'fr', 'us'])[i % 3 + 1] FROM generate_series(1, 20000) i;
INSERT INTO shop.orders SELECT i, i % 20000 + 1, CASE WHEN i % 100 = 0 THEN 'open' ELSE 'done' END,
  'city' || i % 100, 'zip' || i % 100, i % 997, repeat('x', 40) FROM generate_series(1, 100000) i;
CREATE INDEX customers_email ON shop.customers (email);
CREATE INDEX orders_status ON shop.orders (status);
CREATE TABLE shop.fresh AS SELECT i AS a FROM generate_series(1, 5000) i;
ALTER TABLE shop.fresh SET (autovacuum_enabled = false);
CREATE ROLE frugal LOGIN SUPERUSER;
ALTER ROLE frugal SET work_mem = '64kB';
ALTER ROLE frugal SET max_parallel_workers_per_gather = 0;
ALTER ROLE postgres SET max_parallel_workers_per_gather = 0;
ALTER ROLE postgres SET search_path = shop;
ALTER ROLE frugal SET search_path = shop;`;

describePostgres("explain_query", (version) => {
  let postgres: TestPostgres;
  let database: OpenDatabase;
  let frugal: OpenDatabase;
  let client: Client;

  beforeAll(async () => {
    postgres = await startPostgres({ version });
    client = new Client(postgres.url);
    await client.connect();
    await client.query(SCHEMA);
    // Not in the transaction that fills them, nor before its counts are in: its rows would pass for changed since.
    await client.query("SELECT pg_stat_force_next_flush()");
    await client.query("ANALYZE shop.customers, shop.orders");
    await client.end();
    client = new Client(postgres.url);
    await client.connect();
    database = openDatabase({ databaseUrl: postgres.url });
    frugal = openDatabase({ databaseUrl: postgres.urlFor("postgres", "frugal") });
  }, 60_000);
  afterAll(async () => {
    await Promise.all([client.end(), database.close(), frugal.close()]);
    await postgres.stop("immediate");
  });

  const explain = (request: ExplainRequest, on = database) => on.read((session) => explainQuery(session, request));
  const found = async (request: ExplainRequest, on = database) =>
    (await explain(request, on)).findings.map(({ found, advice }) => `${found} → ${advice}`);
  const planOf = async (sql: string): Promise<Plan> =>
    (await client.query(`EXPLAIN (FORMAT JSON) ${sql}`)).rows[0]["QUERY PLAN"][0];

  it("shows the planner's own figures, one line a node", async () => {
    const sql =
      "SELECT c.country, sum(o.total) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY 1 ORDER BY 2";
    const { tree } = await explain({ sql });
    const { Plan: root } = await planOf(sql);
    const lines = tree.split("\n");
    expect(lines[0]).toContain(
      `~${root["Plan Rows"]} rows, cost ${Math.round(root["Total Cost"]).toLocaleString("en-US")}`,
    );
    expect(lines.map((line) => line.trim().split(/ — /)[0])).toEqual(
      expect.arrayContaining([
        "Sort by (sum(o.total))",
        expect.stringMatching(/^Aggregate by c.country/),
        "Join by hash, on o.customer_id = c.id",
        "Scan all of shop.orders o",
        "Scan all of shop.customers c",
      ]),
    );
    const depth = (words: string) => lines.find((line) => line.includes(words))?.search(/\S/) ?? -1;
    expect(depth("Scan all of shop.orders")).toBeGreaterThan(depth("Join by hash"));
  });

  it("runs nothing without analyze, and everything with it", async () => {
    const sql = "SELECT 1 / (id - 1) FROM customers WHERE id = 1";
    expect((await explain({ sql })).tree).toContain("not run");
    await expect(explain({ sql, analyze: true })).rejects.toMatchObject({
      message: expect.stringContaining("division by zero"),
    });
    const { tree } = await explain({ sql: "SELECT * FROM orders WHERE zip = 'zip7'", analyze: true });
    expect(tree).toMatch(/1,000 rows \(~[\d,]+ est\)/);
    expect(tree).toMatch(/99,000 rows dropped/);
    expect(tree).toMatch(/Ran .* planned/);
  });

  describe("parameters", () => {
    it("plans for any values where there are none", async () => {
      const sql = "SELECT * FROM orders WHERE status = $1 AND id > $2";
      const { generic, judged } = await explain({ sql });
      await client.query(`SET plan_cache_mode = force_generic_plan; PREPARE oracle AS ${sql}`);
      const { rows } = await client.query("EXPLAIN (FORMAT JSON) EXECUTE oracle (NULL, NULL)");
      await client.query("DEALLOCATE oracle; RESET plan_cache_mode");
      expect(generic).toBe(true);
      expect(judged.plan.Plan["Total Cost"]).toBe(rows[0]["QUERY PLAN"][0].Plan["Total Cost"]);
    });

    it("plans for the values given, whatever they hold", async () => {
      const sql = "SELECT * FROM orders WHERE status = $1 AND id = ANY ($2)";
      const { judged, generic } = await explain({ sql, params: ["o'pen\\", [1, 2, 3]], analyze: true });
      const oracle = await planOf("SELECT * FROM orders WHERE status = 'o''pen\\' AND id = ANY ('{1,2,3}')");
      expect(generic).toBe(false);
      expect(judged.plan.Plan["Total Cost"]).toBe(oracle.Plan["Total Cost"]);
    });

    it.each([
      [{ sql: "SELECT * FROM orders WHERE id = $1", analyze: true }, "INVALID_ARGUMENT", /needs values/],
      [{ sql: "SELECT * FROM orders WHERE id = $1", params: [1, 2] }, "INVALID_ARGUMENT", /1 parameter/],
      [{ sql: "SELECT * FROM orders WHERE id = $1", params: ["x"] }, "INVALID_ARGUMENT", /bigint/],
      [{ sql: "SELECT * FROM nowhere" }, "NOT_FOUND", /nowhere/],
      [{ sql: "EXPLAIN SELECT 1" }, "INVALID_ARGUMENT", /itself/],
      [{ sql: "SHOW work_mem" }, "UNSUPPORTED", /SELECT/],
      [{ sql: "DELETE FROM orders" }, "PERMISSION_DENIED", /DELETE/],
      [{ sql: "SELECT 1; SELECT 2" }, "INVALID_ARGUMENT", /2 statements/],
      [
        { sql: "SELECT id FROM orders", hypotheticalIndexes: ["DROP TABLE orders"] },
        "INVALID_ARGUMENT",
        /CREATE INDEX/,
      ],
      [{ sql: "SELECT pg_terminate_backend(1)", analyze: true }, "PERMISSION_DENIED", /pg_terminate_backend/],
    ])("refuses %j", async (request, code, message) => {
      await expect(explain(request)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    });
  });

  describe("findings", () => {
    it("misses nothing about columns that depend on each other", async () => {
      const all = await found({ sql: "SELECT * FROM orders WHERE city = 'city7' AND zip = 'zip7'", analyze: true });
      expect(all).toContainEqual(
        expect.stringMatching(
          /1,000 rows where \d+ were expected .* more.*CREATE STATISTICS .* ON (city, zip|zip, city) FROM shop.orders/,
        ),
      );
    });

    it("is content with an estimate that LIMIT cut short", async () => {
      const all = await found({ sql: "SELECT * FROM orders LIMIT 5", analyze: true });
      expect(all.filter((words) => words.includes("were expected"))).toEqual([]);
    });

    it("proposes an index for a whole table read for few rows", async () => {
      const wanted = /all 100,000 rows are read to keep .*CREATE INDEX CONCURRENTLY ON shop.orders \(zip\)/;
      expect(await found({ sql: "SELECT * FROM orders WHERE zip = 'zip7'" })).toContainEqual(
        expect.stringMatching(wanted),
      );
      expect(await found({ sql: "SELECT * FROM orders WHERE zip = 'zip7'", analyze: true })).toContainEqual(
        expect.stringMatching(wanted),
      );
      expect(await found({ sql: "SELECT * FROM orders WHERE id = 7" })).not.toContainEqual(
        expect.stringMatching(/rows are read/),
      );
    });

    it("sees sorts and hashes that go to disk", async () => {
      const sort = await explain({ sql: "SELECT * FROM orders ORDER BY note, total", analyze: true }, frugal);
      expect(sort.tree).toContain("on DISK");
      expect(sort.findings).toContainEqual(
        expect.objectContaining({
          found: expect.stringMatching(/sort spilled [\d.]+ MB/),
          advice: expect.stringContaining("work_mem"),
        }),
      );
      const hash = "SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id";
      expect(await found({ sql: hash, analyze: true }, frugal)).toContainEqual(expect.stringMatching(/hash spilled/));
      expect(
        await found({ sql: "SELECT * FROM customers ORDER BY id LIMIT 5", analyze: true }, frugal),
      ).not.toContainEqual(expect.stringMatching(/spilled/));
    });

    it("sees nested loops that read a table again for every row", async () => {
      const sql =
        "SELECT count(*) FROM customers c JOIN LATERAL (SELECT * FROM fresh f WHERE f.a = c.id OFFSET 0) x ON true WHERE c.id <= 1500";
      expect(await found({ sql, analyze: true })).toContainEqual(
        expect.stringMatching(
          /nested loop: f is visited for each of 1,500 rows → CREATE INDEX CONCURRENTLY ON shop.fresh \(a\)/,
        ),
      );
    });

    it("sees rows that an index found and a filter dropped", async () => {
      const all = await found({
        sql: "SELECT * FROM orders WHERE id BETWEEN 1 AND 3000 AND city = 'city7'",
        analyze: true,
      });
      expect(all).toContainEqual(
        expect.stringMatching(/2,970 rows were fetched and then dropped .*99 %.*\(city, id\)/),
      );
    });

    it("tells which index a function or a cast defeats", async () => {
      expect(await found({ sql: "SELECT * FROM customers WHERE lower(email) = 'user5@example.com'" })).toContainEqual(
        expect.stringMatching(
          /index customers_email cannot serve.*CREATE INDEX CONCURRENTLY ON shop.customers \(\(lower\(email::text\)\)\)/,
        ),
      );
      expect(await found({ sql: "SELECT * FROM orders WHERE id = 5.0" })).toContainEqual(
        expect.stringMatching(/id is bigint but compared as numeric, so index orders_pkey cannot serve it/),
      );
      // varchar compared as text costs nothing, and the index is used.
      expect(await found({ sql: "SELECT * FROM customers WHERE email = 'User5@example.com'" })).toEqual([]);
    });

    it("sees foreign keys without an index, and tables without statistics", async () => {
      expect(await found({ sql: "SELECT * FROM orders WHERE id = 7" })).toContainEqual(
        expect.stringMatching(
          /foreign key orders_customer_id_fkey .*CREATE INDEX CONCURRENTLY ON shop.orders \(customer_id\)/,
        ),
      );
      expect(await found({ sql: "SELECT * FROM fresh" })).toContainEqual(
        expect.stringMatching(/shop.fresh was never analyzed/),
      );
      await client.query("CREATE TABLE changed (a int) WITH (autovacuum_enabled = false)");
      await client.query("ANALYZE changed");
      await client.query("INSERT INTO changed SELECT generate_series(1, 2000)");
      await client.query("SELECT pg_stat_force_next_flush()");
      expect(await found({ sql: "SELECT * FROM changed" })).toContainEqual(
        expect.stringMatching(/2,000 rows of shop.changed changed since/),
      );
    });
  });

  describe("hypothetical indexes", () => {
    const sql = "SELECT * FROM orders WHERE zip = $1 AND total > 5";
    const index = "CREATE INDEX CONCURRENTLY ON orders (zip, total)";

    it.each([
      "CREATE INDEX ON orders (zip) WHERE zip = 'a secret'",
      "CREATE INDEX ON orders (lower(zip))",
      "CREATE INDEX ON orders ((pg_read_file('PG_VERSION')))",
      "CREATE INDEX ON orders (zip mine.operators)",
    ])("are of columns alone: %s", async (statement) => {
      await expect(explain({ sql, hypotheticalIndexes: [statement] })).rejects.toMatchObject({ code: "UNSUPPORTED" });
    });

    it("says so where HypoPG is not there, and estimates", async () => {
      const { comparison } = await explain({ sql, hypotheticalIndexes: [index] });
      expect(comparison).toMatchObject({ method: "model", note: expect.stringContaining("CREATE EXTENSION hypopg") });
      expect(comparison?.after).toBeLessThan((comparison?.before ?? 0) / 2);
      const useless = await explain({
        sql,
        hypotheticalIndexes: ["CREATE INDEX ON orders (note)", "CREATE INDEX ON elsewhere (x)"],
      });
      expect(useless.comparison?.after).toBe(useless.comparison?.before);
    });

    it("is not far from what the index is worth", async () => {
      const { comparison } = await explain({
        sql: "SELECT * FROM orders WHERE city = 'city3'",
        hypotheticalIndexes: ["CREATE INDEX ON orders (city)"],
      });
      await client.query("CREATE INDEX real_city ON orders (city)");
      const real = (await planOf("SELECT * FROM orders WHERE city = 'city3'")).Plan["Total Cost"];
      await client.query("DROP INDEX real_city");
      expect((comparison?.after ?? 0) / real).toBeGreaterThan(1 / 4);
      expect((comparison?.after ?? 0) / real).toBeLessThan(4);
    });

    it("are planned by HypoPG where it is, and leave nothing behind", async ({ skip }) => {
      if (!(await hasExtension(client, "hypopg"))) skip("HypoPG is not installed: postgresql-15-hypopg in Debian");
      await client.query("CREATE SCHEMA tools; CREATE EXTENSION hypopg SCHEMA tools");
      try {
        const { comparison } = await explain({
          sql,
          params: ["zip7"],
          hypotheticalIndexes: [index, "CREATE INDEX ON shop.orders (note)"],
        });
        await client.query("SELECT tools.hypopg_create_index($1)", [index]);
        const oracle = await planOf("SELECT * FROM orders WHERE zip = 'zip7' AND total > 5");
        await client.query("SELECT tools.hypopg_reset()");
        expect(comparison).toMatchObject({
          method: "hypopg",
          after: oracle.Plan["Total Cost"],
          indexes: [{ used: true }, { used: false }],
          tree: expect.stringContaining("hypothetical btree_orders_zip_total"),
        });
        await expect(
          explain({ sql, hypotheticalIndexes: [index, "CREATE INDEX ON orders (nothing)"] }),
        ).rejects.toMatchObject({
          code: "INVALID_ARGUMENT",
          message: expect.stringContaining("nothing"),
        });
        await expect(
          explain({
            sql: "SELECT * FROM orders WHERE zip = $1",
            params: [],
            hypotheticalIndexes: ["CREATE INDEX ON orders (random())"],
          }),
        ).rejects.toMatchObject({ code: "UNSUPPORTED" });
        const pooled = openDatabase({ databaseUrl: postgres.url, poolSize: 1 });
        const left = async () =>
          pooled.read((session) =>
            session.rows<{ indexes: number; statements: number; pid: number }>(
              "SELECT (SELECT count(*) FROM tools.hypopg()) AS indexes, (SELECT count(*) FROM pg_prepared_statements) AS statements, pg_backend_pid() AS pid",
            ),
          );
        const [before] = await left();
        await explain({ sql, hypotheticalIndexes: [index] }, pooled);
        expect(await left()).toEqual([{ indexes: 0, statements: 0, pid: before?.pid }]);
        await pooled.close();
      } finally {
        await client.query("DROP EXTENSION hypopg");
      }
    });
  });
});
