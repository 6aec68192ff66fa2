import { existsSync, readFileSync } from "node:fs";
import { describePostgres, type SpawnedBin, spawnBin, startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Watcher, watch } from "./watcher.js";

const bin = new URL("../dist/cli.js", import.meta.url);
const MOST_MEMORY = 200 * 1024 ** 2;
const ROWS = 10_000_000;

const SETUP = `
  CREATE UNLOGGED TABLE big AS SELECT n, n % 1000 AS k, 'row ' || n AS name FROM generate_series(1, ${ROWS}) n;
  CREATE UNLOGGED TABLE thousand AS SELECT n FROM generate_series(1, 1000) n;
  CREATE UNLOGGED TABLE wide AS SELECT n, repeat(chr(97 + n % 26), 1000000) AS body FROM generate_series(1, 100) n;
  ANALYZE;`;

interface Outcome {
  code: string | undefined;
  rows: (string | null)[][];
  truncated: boolean | undefined;
  nextCursor: string | undefined;
  uri: string | undefined;
}

describePostgres("what is too much", (version) => {
  let postgres: TestPostgres;
  let watcher: Watcher;
  let server: SpawnedBin;

  beforeAll(async () => {
    const parallel = { max_worker_processes: "8", max_parallel_workers: "4", max_parallel_workers_per_gather: "2" };
    postgres = await startPostgres({ version, settings: { ...parallel, autovacuum: "off", jit: "off" } });
    watcher = await watch(postgres.url);
    await watcher.query(SETUP);
  }, 180_000);
  afterAll(async () => {
    await watcher?.close();
    await postgres?.stop("immediate");
  });
  beforeEach(async () => {
    server = await start();
  });

  const start = async (...args: string[]) => {
    const spawned = spawnBin(bin, { env: { DATABASE_URL: postgres.url }, args });
    await spawned.initialize();
    return spawned;
  };
  const call = async (args: Record<string, unknown>, name = "query", on = server): Promise<Outcome> => {
    const { result, error } = await on.request("tools/call", { name, arguments: args });
    if (error || !result) throw new Error(error?.message);
    const { _meta, structuredContent, content } = result as {
      _meta?: { error?: { code: string } };
      structuredContent?: Pick<Outcome, "rows" | "truncated" | "nextCursor">;
      content?: { uri?: string }[];
    };
    const { rows = [], truncated, nextCursor } = structuredContent ?? {};
    return { code: _meta?.error?.code, rows, truncated, nextCursor, uri: content?.[0]?.uri };
  };

  /** Usable, small, and with nothing left running. */
  const isWell = async (on = server) => {
    expect((await call({ sql: "SELECT 1" }, "query", on)).rows).toEqual([["1"]]);
    if (existsSync(`/proc/${on.pid}/status`)) expect(peakMemory(on.pid)).toBeLessThan(MOST_MEMORY);
    on.closeStdin();
    expect(await on.exit).toEqual({ code: 0, signal: null });
    await watcher.until("SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name LIKE 'mcp-server%'");
  };

  it("ten million rows come in pages", async () => {
    const args = { sql: "SELECT * FROM big" };
    let { nextCursor: cursor, rows } = await call(args);
    const seen = rows.map(([n]) => Number(n));
    for (let more = 0; more < 20; more++) {
      const page = await call({ ...args, cursor });
      seen.push(...page.rows.map(([n]) => Number(n)));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(21_000);
    expect(new Set(seen).size).toBe(21_000);
    await isWell();
  });

  it("ten million rows that are sorted, and a page as large as may be", async () => {
    const { rows, truncated } = await call({ sql: "SELECT n FROM big ORDER BY name", limit: 1_000_000 });
    expect(truncated).toBe(true);
    expect(rows.length).toBeGreaterThan(10_000);
    await isWell();
  });

  it.each([
    ["100 MB", 100_000_000],
    ["300 MB", 300_000_000],
  ])("a cell of %s is refused", async (_, length) => {
    expect((await call({ sql: `SELECT 1, repeat('x', ${length})` })).code).toBe("TOO_LARGE");
    expect((await call({ sql: `SELECT repeat('x', ${length})` }, "export_query")).code).toBe("TOO_LARGE");
    await isWell();
  });

  it("a cell of 300 MB behind rows of a page is refused where it comes", async () => {
    const sql = "SELECT n, repeat('x', CASE n WHEN 4 THEN 300000000 ELSE 1 END) FROM generate_series(1, 10) n";
    expect((await call({ sql })).code).toBe("TOO_LARGE");
    await isWell();
  });

  it("an endless series gives its first page", async () => {
    const { rows, truncated } = await call({ sql: "SELECT generate_series(1, 1000000000000)" });
    expect([rows.length, truncated]).toEqual([1000, true]);
    await isWell();
  });

  it("an endless series that is counted ends at its deadline", async () => {
    const sql = "SELECT count(*) FROM (SELECT generate_series(1, 1000000000000)) s";
    expect((await call({ sql, timeout_ms: 300 })).code).toBe("TIMEOUT");
    await isWell();
  });

  it("the deadline of the server holds for a call that has none", async () => {
    await isWell();
    const hurried = await start("--timeout", "1");
    expect((await call({ sql: "SELECT pg_sleep(600)" }, "query", hurried)).code).toBe("TIMEOUT");
    expect((await call({ sql: "SELECT pg_sleep(600)" }, "export_query", hurried)).code).toBe("TIMEOUT");
    await watcher.until(
      "SELECT count(*) = 0 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)' AND state = 'active'",
    );
    await isWell(hurried);
  });

  it("a cross join of forty tables gives a page, and ends at its deadline when counted", async () => {
    const tables = Array.from({ length: 40 }, (_, index) => `thousand t${index}`).join(" CROSS JOIN ");
    expect((await call({ sql: `SELECT t0.n FROM ${tables}`, timeout_ms: 20_000 })).rows).toHaveLength(1000);
    expect((await call({ sql: `SELECT count(*) FROM ${tables}`, timeout_ms: 500 })).code).toBe("TIMEOUT");
    await isWell();
  });

  it("as many columns as a query can have", async () => {
    const columns = (count: number) => Array.from({ length: count }, (_, index) => `n AS c${index}`).join(", ");
    const { rows, truncated } = await call({ sql: `SELECT ${columns(1600)} FROM big` });
    expect(rows[0]).toHaveLength(1600);
    expect([rows.length > 10, truncated]).toEqual([true, true]);
    expect((await call({ sql: `SELECT ${columns(2000)} FROM big` })).code).toBe("TOO_LARGE");
    await isWell();
  });

  it("rows of a megabyte each are read one by one", async () => {
    const args = { sql: "SELECT * FROM wide ORDER BY n" };
    expect((await call(args)).code).toBe("TOO_LARGE");
    await isWell();
    const large = await start("--max-output", "4m");
    const seen: (string | null | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const page = await call({ ...args, ...(cursor && { cursor }) }, "query", large);
      expect(page.code).toBeUndefined();
      seen.push(...page.rows.map(([n]) => n));
      cursor = page.nextCursor;
    } while (cursor && seen.length < 10);
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => String(index + 1)));
    expect(seen.length).toBeGreaterThanOrEqual(10);
    await isWell(large);
  });

  it.each(["SELECT * FROM big WHERE n <= 1000000", "SELECT * FROM wide"])("all of %s is exported", async (sql) => {
    expect((await call({ sql }, "export_query")).uri).toMatch(/^db:\/\/results\//);
    await isWell();
  });

  it("an export of more than may be leaves nothing running", async () => {
    await isWell();
    const small = await start("--max-export", "8m");
    expect((await call({ sql: "SELECT * FROM big" }, "export_query", small)).code).toBe("TOO_LARGE");
    await isWell(small);
  });

  it("results that are left alone keep nothing but their connections", async () => {
    const args = { sql: "SELECT b.n, b.name FROM big b", limit: 10 };
    for (let count = 0; count < 12; count++) expect((await call(args)).rows).toHaveLength(10);
    await watcher.until(
      "SELECT count(*) <= 5 FROM pg_stat_activity WHERE application_name LIKE 'mcp-server%' AND state = 'active'",
    );
    await isWell();
  });

  it("an aggregate over ten million rows keeps its parallel plan", async () => {
    const sql = "SELECT k, count(*), sum(length(name)), max(md5(name)) FROM big GROUP BY k ORDER BY k";
    const answer = call({ sql });
    // Workers of the very backend that runs it.
    await watcher.until(`SELECT count(*) > 0 FROM pg_stat_activity w JOIN pg_stat_activity l ON l.pid = w.leader_pid
      WHERE w.backend_type = 'parallel worker' AND l.application_name LIKE 'mcp-server%' AND l.query LIKE '%max(md5(name))%'`);
    expect((await answer).rows).toHaveLength(1000);
    await isWell();
  });
});

/** Bytes that a process ever had in memory at once. */
function peakMemory(pid: number): number {
  const [, kilobytes = ""] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}
