import { describePostgres, startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { orders, topQueries } from "../../src/advice/workload/top-queries.js";
import { type Watcher, watch } from "../watcher.js";
import { type OpenDatabase, openDatabase } from "./open-database.js";

describePostgres("list_top_queries", (version) => {
  let postgres: TestPostgres;
  let database: OpenDatabase;
  let stranger: OpenDatabase;
  let watcher: Watcher;

  beforeAll(async () => {
    postgres = await startPostgres({ version, settings: { shared_preload_libraries: "pg_stat_statements" } });
    watcher = await watch(postgres.url);
    await watcher.query(`CREATE SCHEMA "Odd ext"; CREATE EXTENSION pg_stat_statements SCHEMA "Odd ext"`);
    await watcher.query("CREATE TABLE t AS SELECT generate_series(1, 20000) AS a; CREATE ROLE stranger LOGIN");
    await watcher.query("CREATE DATABASE bare");
    await watcher.query(`SELECT "Odd ext".pg_stat_statements_reset()`);
    for (let turn = 0; turn < 5; turn++) await watcher.query("SELECT count(*) FROM t WHERE a > 5");
    await watcher.query("SELECT a FROM t");
    await watcher.query("SELECT count(*) FROM t x, t y WHERE x.a < 300 AND x.a + y.a > 5");
    database = openDatabase({ databaseUrl: postgres.url });
    stranger = openDatabase({ databaseUrl: postgres.urlFor("postgres", "stranger") });
  });
  afterAll(async () => {
    await Promise.all([watcher.close(), database.close(), stranger.close()]);
    await postgres.stop("immediate");
  });

  it.each(orders)("orders by %s as the view has it", async (order) => {
    const { queries, since, hidden } = await database.read((session) => topQueries(session, order, 100));
    const key = { total_time: "total", mean_time: "mean", calls: "calls", rows: "rows", io: "read" } as const;
    const figures = queries.map((query) => query[key[order]] + (order === "io" ? query.temp : 0));
    expect(figures).toEqual([...figures].sort((a, b) => b - a));
    expect(Date.parse(since ?? "")).toBeGreaterThan(Date.now() - 3_600_000);
    expect(hidden).toBe(0);
    expect(queries.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it("gives the figures of the view", async () => {
    const [oracle] = await watcher.query(
      `SELECT calls::int, total_exec_time AS total, rows::int FROM "Odd ext".pg_stat_statements WHERE query = 'SELECT a FROM t'`,
    );
    const { queries } = await database.read((session) => topQueries(session, "rows", 100));
    expect(queries.find(({ query }) => query === "SELECT a FROM t")).toMatchObject({
      calls: 1,
      rows: 20_000,
      total: oracle?.total,
    });
    expect((await database.read((session) => topQueries(session, "calls", 1))).queries).toHaveLength(1);
  });

  it("says what a role may not see, and what would help", async () => {
    await expect(stranger.read((session) => topQueries(session, "calls", 5))).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
      hint: expect.stringContaining("GRANT USAGE"),
    });
    await watcher.query(`GRANT USAGE ON SCHEMA "Odd ext" TO stranger`);
    const { queries, hidden } = await stranger.read((session) => topQueries(session, "calls", 100));
    expect(hidden).toBeGreaterThan(3);
    expect(queries.map(({ query }) => query)).not.toContain("SELECT a FROM t");
  });

  it("gives the steps where the extension is missing, or not loaded", async () => {
    const bare = openDatabase({ databaseUrl: postgres.urlFor("bare") });
    await expect(bare.read((session) => topQueries(session, "calls", 5))).rejects.toMatchObject({
      code: "UNSUPPORTED",
      hint: expect.stringContaining("CREATE EXTENSION"),
    });
    await bare.close();
    await using unloaded = await startPostgres({ version });
    const other = await watch(unloaded.url);
    await other.query("CREATE EXTENSION pg_stat_statements");
    await other.close();
    const open = openDatabase({ databaseUrl: unloaded.url });
    await expect(open.read((session) => topQueries(session, "calls", 5))).rejects.toMatchObject({
      code: "UNAVAILABLE",
      hint: expect.stringContaining("shared_preload_libraries"),
    });
    await open.close();
  });
});
