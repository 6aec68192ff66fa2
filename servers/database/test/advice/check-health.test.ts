import { describePostgres, startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bloat } from "../../src/advice/health/bloat.js";
import { cache } from "../../src/advice/health/cache.js";
import { checkHealth, checkNames, describeServer, runCheck } from "../../src/advice/health/check-health.js";
import { connections } from "../../src/advice/health/connections.js";
import { duplicateIndexes } from "../../src/advice/health/duplicate-indexes.js";
import type { HealthCheck } from "../../src/advice/health/health-check.js";
import { locks } from "../../src/advice/health/locks.js";
import { replication } from "../../src/advice/health/replication.js";
import { sequences } from "../../src/advice/health/sequences.js";
import { settings } from "../../src/advice/health/settings.js";
import { unusedIndexes } from "../../src/advice/health/unused-indexes.js";
import { vacuum } from "../../src/advice/health/vacuum.js";
import { type Watcher, watch } from "../watcher.js";
import { type OpenDatabase, openDatabase } from "./open-database.js";

describePostgres("check_health", (version) => {
  let postgres: TestPostgres;
  let database: OpenDatabase;
  let stranger: OpenDatabase;
  let watcher: Watcher;

  beforeAll(async () => {
    postgres = await startPostgres({
      version,
      settings: { autovacuum: "off", wal_level: "logical", max_replication_slots: "4" },
    });
    watcher = await watch(postgres.url);
    await watcher.query("CREATE ROLE stranger LOGIN");
    database = openDatabase({ databaseUrl: postgres.url });
    stranger = openDatabase({ databaseUrl: postgres.urlFor("postgres", "stranger") });
  });
  afterAll(async () => {
    await Promise.all([watcher.close(), database.close(), stranger.close()]);
    await postgres.stop("immediate");
  });

  const run = (check: HealthCheck, on = database) =>
    on.read(async (session) => runCheck(session, await describeServer(session), check));
  const connect = async (application: string) => {
    const client = new Client({ connectionString: postgres.url, application_name: application });
    client.on("error", () => {});
    await client.connect();
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    return { client, pid: rows[0].pid as number };
  };
  const settle = () => watcher.query("SELECT pg_stat_force_next_flush()");

  it("runs every check, as the owner and as a role that may do nothing", async () => {
    for (const on of [database, stranger]) {
      const { checks, status } = await on.read((session) => checkHealth(session));
      expect(checks.map(({ check }) => check)).toEqual(checkNames);
      expect(checks.filter(({ summary }) => summary.startsWith("Could not be checked"))).toEqual([]);
      expect(checks.map((check) => check.status)).toContain(status);
    }
  });

  it("goes on after a check that fails", async () => {
    const broken: HealthCheck = { name: "broken", run: (session) => session.rows("SELECT 1 / 0") as never };
    const results = await database.read(async (session) => {
      const server = await describeServer(session);
      return [await runCheck(session, server, broken), await runCheck(session, server, connections())];
    });
    expect(results[0]).toMatchObject({
      check: "broken",
      status: "unknown",
      summary: expect.stringContaining("division by zero"),
    });
    expect(results[1]?.summary).toMatch(/connections in use/);
  });

  it("counts connections, and finds transactions left open", async () => {
    const { client, pid } = await connect("forgetful");
    await client.query("BEGIN; SELECT 'my secret'");
    const seen = await run(connections({ idle: 0, running: 600 }));
    expect(seen).toMatchObject({
      status: expect.stringMatching(/warning|critical/),
      advice: expect.stringContaining("idle_in_transaction_session_timeout"),
    });
    expect(seen.evidence).toContainEqual(
      expect.objectContaining({ pid, application: "forgetful", state: "idle in transaction" }),
    );
    expect(JSON.stringify(seen)).not.toContain("my secret");
    const [totals] = await watcher.query("SELECT sum(numbackends)::text AS used FROM pg_stat_database");
    expect(seen.summary).toContain(`${totals?.used} of 60 connections`);
    expect((await run(connections())).status).toBe("ok");
    const hidden = await run(connections({ idle: 0, running: 600 }), stranger);
    expect(hidden).toMatchObject({
      status: "unknown",
      advice: expect.stringContaining("GRANT pg_monitor TO stranger"),
    });
    await client.end();
  });

  it("draws who waits for whom, as pg_blocking_pids has it", async () => {
    await watcher.query(
      "CREATE TABLE accounts (id int PRIMARY KEY, n int); INSERT INTO accounts VALUES (1, 0), (2, 0)",
    );
    const [root, middle, leaf] = [await connect("root"), await connect("middle"), await connect("leaf")];
    await root.client.query("BEGIN; UPDATE accounts SET n = 1 WHERE id = 1");
    await middle.client.query("BEGIN; UPDATE accounts SET n = 2 WHERE id = 2");
    const waiting = [
      middle.client.query("UPDATE accounts SET n = 2 WHERE id = 1"),
      leaf.client.query("UPDATE accounts SET n = 3 WHERE id = 2"),
    ];
    await watcher.until("SELECT count(DISTINCT pid) = 2 FROM pg_locks WHERE NOT granted");
    for (const on of [database, stranger]) {
      const seen = await run(locks(), on);
      expect(seen.status).toBe("warning");
      expect(seen.evidence?.map(({ session }) => session)).toEqual([
        `${root.pid}`,
        `  ${middle.pid}`,
        `    ${leaf.pid}`,
      ]);
      const blockers = await watcher.query(
        "SELECT pg_blocking_pids($1)::text AS middle, pg_blocking_pids($2)::text AS leaf",
        [middle.pid, leaf.pid],
      );
      expect(blockers).toEqual([{ middle: `{${root.pid}}`, leaf: `{${middle.pid}}` }]);
      expect(seen.advice).toContain(`pg_terminate_backend(${root.pid})`);
    }
    expect((await run(locks())).evidence?.[2]).toMatchObject({
      query: "UPDATE accounts SET n = 3 WHERE id = 2",
      "waits for": expect.stringContaining("ShareLock"),
    });
    await root.client.query("ROLLBACK");
    await waiting[0];
    await middle.client.query("ROLLBACK");
    await waiting[1];
    expect(await run(locks())).toMatchObject({ status: "ok" });
    await Promise.all([root, middle, leaf].map(({ client }) => client.end()));
  });

  it("does not queue behind a table that is locked exclusively", async () => {
    await watcher.query("CREATE TABLE locked (a int PRIMARY KEY)");
    const { client } = await connect("migration");
    await client.query("BEGIN; LOCK TABLE locked");
    const { checks } = await database.read((session) => checkHealth(session));
    expect(checks.filter(({ summary }) => summary.startsWith("Could not be checked"))).toEqual([]);
    await client.end();
  });

  it("estimates the space that deleted rows still take", async () => {
    await watcher.query(
      "CREATE TABLE tight (id int PRIMARY KEY, body text); INSERT INTO tight SELECT i, repeat('x', 200) FROM generate_series(1, 20000) i",
    );
    await watcher.query("CREATE TABLE bloated (LIKE tight INCLUDING ALL); INSERT INTO bloated SELECT * FROM tight");
    await settle();
    await watcher.query("VACUUM ANALYZE tight, bloated");
    const limits = { wasted: 100_000, share: 0.3 };
    expect((await run(bloat(limits))).evidence).toEqual([]);
    await watcher.query("DELETE FROM bloated WHERE id > 2000");
    await settle();
    const seen = await run(bloat(limits));
    expect(seen.status).toBe("warning");
    const names = seen.evidence?.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["public.bloated", "public.bloated_pkey"]));
    expect(names).not.toContain("public.tight");
    const share = Number.parseInt(String(seen.evidence?.find(({ name }) => name === "public.bloated")?.share), 10);
    expect(share).toBeGreaterThan(84);
    expect(share).toBeLessThan(96);
    expect(await run(vacuum())).toMatchObject({
      status: "warning",
      evidence: expect.arrayContaining([expect.objectContaining({ name: "public.bloated", "dead rows": 18_000 })]),
    });
    await watcher.query("VACUUM FULL bloated");
    await watcher.query("ANALYZE bloated");
    expect((await run(bloat(limits))).evidence).toEqual([]);
    expect(await run(bloat(limits), stranger)).toMatchObject({
      status: "unknown",
      advice: expect.stringContaining("GRANT SELECT"),
    });
  });

  it("finds indexes that nothing uses, but for those that constraints need", async () => {
    await watcher.query(`CREATE TABLE u (id int PRIMARY KEY, a int, b int UNIQUE); INSERT INTO u SELECT i, i, i FROM generate_series(1, 50000) i;
      CREATE INDEX u_used ON u (a); CREATE INDEX u_unused ON u (b, a)`);
    await watcher.query("ANALYZE u");
    await watcher.query("SELECT * FROM u WHERE a = 5");
    await settle();
    const seen = await run(unusedIndexes({ size: 100_000 }));
    const names = seen.evidence?.map(({ index }) => index);
    expect(seen.status).toBe("warning");
    expect(names).toContain("public.u_unused");
    expect(names).not.toContain("public.u_used");
    expect(names?.filter((name) => /pkey|_key/.test(String(name)))).toEqual([]);
    expect(await run(unusedIndexes({ size: 1e9 }))).toMatchObject({ status: "ok" });
  });

  it("finds duplicate, redundant and invalid indexes, and keeps what differs", async () => {
    await watcher.query(`CREATE TABLE d (id int PRIMARY KEY, a int, b text, c int);
      CREATE INDEX d_a ON d (a); CREATE INDEX d_a_again ON d (a); CREATE INDEX d_ab ON d (a, b);
      CREATE UNIQUE INDEX d_id_again ON d (id); CREATE INDEX d_c ON d (c) WHERE c > 0; CREATE INDEX d_c_all ON d (c);
      CREATE INDEX d_b_desc ON d (b DESC); CREATE INDEX d_b ON d (b); CREATE INDEX d_pattern ON d (b text_pattern_ops);
      CREATE UNIQUE INDEX d_unique_ca ON d (c, a); CREATE INDEX d_lower ON d (lower(b)); CREATE INDEX d_upper ON d (upper(b));
      CREATE INDEX d_hash ON d USING hash (a); INSERT INTO d VALUES (1, 1, 'x', 1), (2, 1, 'x', 2)`);
    await watcher.query("CREATE UNIQUE INDEX CONCURRENTLY d_invalid ON d (b, a)").catch(() => undefined);
    const seen = await run(duplicateIndexes());
    const found = new Map(
      seen.evidence?.filter(({ table }) => table === "public.d").map((row) => [row.index, row["covered by"]]),
    );
    expect([...found]).toEqual([
      ["public.d_invalid", ""],
      ["public.d_a", expect.stringMatching(/d_a_again|d_ab/)],
      ["public.d_a_again", expect.stringMatching(/d_a$|d_ab/)],
      ["public.d_id_again", "public.d_pkey"],
      ["public.d_c_all", "public.d_unique_ca"],
    ]);
  });

  it("judges the cache by what was read", async () => {
    await watcher.query("CREATE TABLE cached AS SELECT generate_series(1, 50000) AS a");
    for (let turn = 0; turn < 5; turn++) await watcher.query("SELECT count(*) FROM cached");
    await settle();
    const seen = await run(cache({ blocks: 100, ratio: 0.1 }));
    const [oracle] = await watcher.query(
      "SELECT round(100 * blks_hit::numeric / (blks_hit + blks_read))::int AS percent FROM pg_stat_database WHERE datname = current_database()",
    );
    expect(Math.abs(Number.parseInt(seen.summary, 10) - Number(oracle?.percent))).toBeLessThanOrEqual(1);
    expect(seen.status).toBe("ok");
    expect(await run(cache({ blocks: 100, ratio: 1.1 }))).toMatchObject({
      status: "warning",
      advice: expect.stringContaining("shared_buffers"),
    });
    expect(await run(cache({ blocks: 1e12, ratio: 1 }))).toMatchObject({
      status: "ok",
      summary: expect.stringContaining("too few"),
    });
  });

  it("compares the age of transaction IDs with where it ends", async () => {
    const seen = await run(vacuum({ overdue: 2, critical: 0.5 }));
    const [oracle] = await watcher.query(
      "SELECT max(greatest(age(datfrozenxid), mxid_age(datminmxid)))::int AS age FROM pg_database",
    );
    expect(seen.summary).toContain(`Oldest transaction ID ${Number(oracle?.age).toLocaleString("en-US")} `);
    expect(await run(vacuum({ overdue: 2, critical: 1e-9 }))).toMatchObject({ status: "critical" });
  });

  it("sees a slot that keeps WAL from being removed", async () => {
    expect(await run(replication())).toMatchObject({ status: "ok", summary: "No standby and no replication slot" });
    await watcher.query("SELECT pg_create_physical_replication_slot('left_behind', true)");
    await watcher.query("CREATE TABLE wal AS SELECT generate_series(1, 100000) AS a");
    const seen = await run(replication({ behind: 1024 ** 2, lag: 300 }));
    expect(seen).toMatchObject({ status: "critical", advice: expect.stringContaining("pg_drop_replication_slot") });
    expect(seen.evidence).toContainEqual(expect.objectContaining({ name: "slot left_behind", state: "INACTIVE" }));
    expect((await run(replication())).status).toBe("ok");
    await watcher.query("SELECT pg_drop_replication_slot('left_behind')");
  });

  it("finds sequences near the end of their column", async () => {
    await watcher.query(`CREATE TABLE s (id serial PRIMARY KEY, big bigserial, small smallint GENERATED ALWAYS AS IDENTITY);
      CREATE SEQUENCE shared AS bigint; CREATE TABLE narrow (id int DEFAULT nextval('shared'));
      CREATE SEQUENCE downwards INCREMENT -1 MINVALUE -100; CREATE SEQUENCE round MAXVALUE 100 CYCLE;
      SELECT setval('s_id_seq', 2000000000), setval('s_big_seq', 2000000000), setval('s_small_seq', 25000), setval('shared', 2147483000),
        setval('downwards', -95), setval('round', 99)`);
    const seen = await run(sequences());
    const found = new Map(seen.evidence?.map((row) => [row.sequence, row]));
    expect([...found.keys()].sort()).toEqual([
      "public.downwards",
      "public.s_id_seq",
      "public.s_small_seq",
      "public.shared",
    ]);
    expect(found.get("public.shared")).toMatchObject({
      column: "public.narrow.id",
      "column type": "integer",
      end: "2147483647",
      used: "100 %",
    });
    expect(found.get("public.s_id_seq")).toMatchObject({ last: "2000000000", used: "93 %" });
    expect(found.get("public.s_small_seq")).toMatchObject({ used: "76 %" });
    expect(seen.status).toBe("critical");
    expect(await run(sequences(), stranger)).toMatchObject({
      status: "unknown",
      advice: expect.stringContaining("GRANT"),
    });
  });

  it("names settings that endanger data", async () => {
    const seen = await run(settings());
    expect(seen.status).toBe("critical");
    expect(seen.evidence?.map(({ setting }) => setting).sort()).toEqual(["autovacuum", "fsync", "full_page_writes"]);
  });
});
