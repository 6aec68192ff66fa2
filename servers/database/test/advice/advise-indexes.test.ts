import { describePostgres, startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type AdviceRequest, adviseIndexes } from "../../src/advice/indexes/advise-indexes.js";
import { hasExtension } from "../has-extension.js";
import { type OpenDatabase, openDatabase } from "./open-database.js";

const SCHEMA = `
CREATE TABLE customers (id int PRIMARY KEY, email text, country text, "Sign Up" date);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id int REFERENCES customers, status text, created_at timestamptz, total numeric, note text);
CREATE VIEW open_orders AS SELECT * FROM orders WHERE status = 'open';
INSERT INTO customers SELECT i, 'User' || i || '@example.com', (ARRAY['de', 'fr', 'us'])[i % 3 + 1], date '2020-01-01' + i % 1000 FROM generate_series(1, 20000) i;
INSERT INTO orders SELECT i, (i * 7919) % 20000 + 1, CASE WHEN i % 200 = 0 THEN 'open' ELSE 'done' END,
  now() - ((i * 31) % 100000) * interval '1 min', i % 997, repeat('x', 50) FROM generate_series(1, 100000) i;`;

describePostgres("advise_indexes", (version) => {
  let postgres: TestPostgres;
  let database: OpenDatabase;
  let client: Client;
  let hypopg: boolean;

  beforeAll(async () => {
    postgres = await startPostgres({
      version,
      settings: { shared_preload_libraries: "pg_stat_statements", max_parallel_workers_per_gather: "0" },
    });
    client = new Client(postgres.url);
    await client.connect();
    await client.query(SCHEMA);
    await client.query("ANALYZE");
    await client.query("CREATE SCHEMA ext; CREATE EXTENSION pg_stat_statements SCHEMA ext");
    hypopg = await hasExtension(client, "hypopg");
    if (hypopg) await client.query("CREATE EXTENSION hypopg SCHEMA ext");
    database = openDatabase({ databaseUrl: postgres.url });
  }, 60_000);
  afterAll(async () => {
    await Promise.all([client.end(), database.close()]);
    await postgres.stop("immediate");
  });
  beforeEach(async () => {
    const { rows } = await client.query(
      "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid IN ('orders'::regclass, 'customers'::regclass) AND NOT indisprimary",
    );
    for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
    await client.query("ANALYZE customers, orders");
  });

  const advise = (request: Partial<AdviceRequest>) =>
    database.read((session) => adviseIndexes(session, { maxIndexes: 5, ...request }));
  const planOf = async (sql: string) =>
    (await client.query(`EXPLAIN (FORMAT JSON) ${sql}`)).rows[0]["QUERY PLAN"][0].Plan;

  it.each([
    ["a filter", "SELECT * FROM orders WHERE customer_id = 42", "orders (customer_id)"],
    [
      "two filters",
      "SELECT id FROM orders WHERE status = 'open' AND created_at > now() - interval '1 day'",
      /orders \((status|status, created_at|created_at, status|created_at)\)/,
    ],
    ["an expression", "SELECT * FROM customers WHERE lower(email) = 'user5@example.com'", "customers ((lower(email)))"],
    ["a prefix", "SELECT * FROM customers WHERE email LIKE 'User1234%'", /customers \(email( text_pattern_ops)?\)/],
    [
      "a quoted name",
      `SELECT * FROM customers WHERE "Sign Up" BETWEEN '2020-02-01' AND '2020-02-03'`,
      'customers ("Sign Up")',
    ],
    ["an order", "SELECT * FROM orders ORDER BY created_at DESC, id DESC LIMIT 10", "orders (created_at, id)"],
    [
      "a mixed order",
      "SELECT * FROM orders ORDER BY total DESC, created_at LIMIT 10",
      "orders (total DESC, created_at)",
    ],
    [
      "a correlated subquery",
      "SELECT id, (SELECT max(total) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE id < 20",
      /orders \(customer_id(, total)?\)/,
    ],
    ["a view", "SELECT * FROM open_orders", "orders (status)"],
    [
      "a join",
      "SELECT c.email, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id < 10",
      "orders (customer_id)",
    ],
  ])("finds the index for %s: made for real it is used, and the cost drops", async (_, sql, wanted) => {
    const before = await planOf(sql);
    const advice = await advise({ queries: [sql] });
    const [first] = advice.indexes;
    expect(advice.method).toBe(hypopg ? "hypopg" : "model");
    expect(first?.sql).toMatch(typeof wanted === "string" ? `CREATE INDEX CONCURRENTLY ON public.${wanted}` : wanted);
    await client.query(first?.sql ?? "");
    await client.query("ANALYZE customers, orders");
    const after = await planOf(sql);
    const { rows } = await client.query(
      "SELECT (SELECT relname FROM pg_class WHERE oid = indexrelid) AS name, pg_relation_size(indexrelid)::int AS size FROM pg_index WHERE indrelid IN ('orders'::regclass, 'customers'::regclass) AND NOT indisprimary",
    );
    expect(JSON.stringify(after)).toContain(`"Index Name":"${rows[0].name}"`);
    expect(after["Total Cost"]).toBeLessThan(before["Total Cost"]);
    expect(first?.before).toBe(before["Total Cost"]);
    expect(first?.after).toBeLessThan(before["Total Cost"]);
    // Rows of equal keys share their entries on disk, which neither estimate knows.
    expect((first?.size ?? 0) / rows[0].size).toBeGreaterThan(0.5);
    expect((first?.size ?? 0) / rows[0].size).toBeLessThan(8);
    expect((await advise({ queries: [sql] })).indexes.map((index) => index.sql)).not.toContain(first?.sql);
  });

  it.each([
    "SELECT * FROM orders WHERE id = 5",
    "SELECT count(*) FROM orders",
    "SELECT * FROM orders WHERE status = 'done'",
    "SELECT * FROM customers WHERE email LIKE '%5@example%'",
  ])("proposes nothing for %s", async (sql) => {
    expect((await advise({ queries: [sql] })).indexes).toEqual([]);
  });

  it("judges queries together, and stops at the number asked for", async () => {
    const queries = [
      "SELECT * FROM orders WHERE customer_id = 42",
      "SELECT * FROM orders WHERE customer_id = $1 AND status = $2",
      `SELECT * FROM customers WHERE "Sign Up" = '2020-02-01'`,
    ];
    const all = await advise({ queries });
    expect(all.indexes.map(({ sql }) => sql)).toEqual([
      expect.stringContaining("public.orders (customer_id"),
      expect.stringContaining('public.customers ("Sign Up")'),
    ]);
    expect(all.queries.every(({ before, after }) => after < before)).toBe(true);
    expect((await advise({ queries, maxIndexes: 1 })).indexes).toHaveLength(1);
  });

  it("takes the workload from pg_stat_statements, and says what it leaves out", async () => {
    await client.query("SELECT ext.pg_stat_statements_reset()");
    for (const id of [1, 2, 3]) await client.query("SELECT * FROM orders WHERE customer_id = $1", [id]);
    await client.query("SELECT * FROM customers WHERE country = 'de' AND email = 'x'");
    await client.query("UPDATE customers SET country = 'at' WHERE id = 1");
    const advice = await advise({ workload: true });
    expect(advice.indexes[0]?.sql).toBe("CREATE INDEX CONCURRENTLY ON public.orders (customer_id)");
    expect(advice.queries.map(({ sql }) => sql)).toEqual(
      expect.arrayContaining(["SELECT * FROM orders WHERE customer_id = $1", expect.stringContaining("country = $1")]),
    );
    expect(advice.skipped).toContainEqual(expect.objectContaining({ why: expect.stringContaining("UPDATE") }));
  });

  it("refuses what the gate refuses", async () => {
    await expect(advise({ queries: ["SELECT 1", "DELETE FROM orders"] })).rejects.toMatchObject({
      code: "UNSUPPORTED",
    });
    await expect(advise({ queries: ["DELETE FROM orders"] })).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  });
});
