import { describePostgres, startFaultProxy, startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { ConnectionSource, Lease } from "../src/engine/connection-source.js";
import { GuardedDatabase } from "../src/engine/database.js";
import { connectionOf } from "../src/engine/wire.js";
import { createGate } from "../src/sql/gate.js";
import { never, openSource } from "./connection/open-source.js";
import { type Watcher, watch } from "./watcher.js";

const reason = new Error("called off");
const everything = { limit: 1_000_000, maxBytes: 64 * 1024 ** 2 };

describePostgres("a connection that is interrupted", (version) => {
  let postgres: TestPostgres;
  let watcher: Watcher;
  let calls: AbortController;

  beforeAll(async () => {
    postgres = await startPostgres({ version });
    watcher = await watch(postgres.url);
    await watcher.query("CREATE TABLE t AS SELECT 0 AS n");
  });
  afterAll(async () => {
    await watcher.close();
    await postgres.stop("immediate");
  });
  beforeEach(() => {
    calls = new AbortController();
  });

  /** @param change what is different from an ordinary connection */
  function open(url = postgres.url, change: (lease: Lease) => Lease = (lease) => lease, poolSize = 1): GuardedDatabase {
    const source = openSource({ databaseUrl: url, poolSize, poolWaitMs: 1000 });
    const changed: ConnectionSource = { ...source, acquire: async (signal) => change(await source.acquire(signal)) };
    return new GuardedDatabase({ name: "test", source: changed, gate: createGate({ allowFunctions: [], masks: [] }) });
  }

  it("gives no part of a result for the whole when the server was done before it could be stopped", async () => {
    const database = open(postgres.url, (lease) => ({ ...lease, interrupt: async () => {} }));
    let seen = 0;
    const rowBytes = () => {
      seen += 1;
      if (seen === 10) calls.abort(reason);
      return 1;
    };
    const page = database.query("SELECT generate_series(1, 100000)", { ...everything, rowBytes, signal: calls.signal });
    await expect(page).rejects.toBe(reason);
  });

  it("commits nothing once the call has been cancelled", async () => {
    const database = open(postgres.url, (lease) => {
      connectionOf(lease.client).on("commandComplete", ({ text }: { text: string }) => {
        if (text === "UPDATE 1") calls.abort(reason);
      });
      return lease;
    });
    const change = database.commit("UPDATE t SET n = 1", { maxAffected: 1, expected: 1, signal: calls.signal });
    await expect(change).rejects.toBe(reason);
    expect(await watcher.query("SELECT n FROM t")).toEqual([{ n: 0 }]);
  });

  it.each(["SELECT 'lost'", "SELECT 'lost', generate_series(1, 10000000)"])(
    "is given up when the server has fallen silent, and so is its place in the pool: %s",
    async (sql) => {
      const [direction, words] = sql.includes(",") ? ["down", "lost"] : ["up", "'lost'"];
      const proxy = await startFaultProxy({
        port: postgres.port,
        onBytes(bytes, passing) {
          if (calls.signal.aborted || passing !== direction || !bytes.includes(words)) return;
          proxy.stall();
          calls.abort(reason);
        },
      });
      const database = open(proxy.url(postgres.url));
      await expect(database.query(sql, { ...everything, signal: calls.signal })).rejects.toThrow();
      await proxy.resume();
      expect((await database.query("SELECT 2", { ...everything, signal: never })).rows).toEqual([["2"]]);
    },
  );

  it("is given up when the server falls silent before it is clean", async () => {
    const proxy = await startFaultProxy(postgres);
    const database = open(proxy.url(postgres.url));
    const answered = database.read(
      async (session) => {
        const rows = await session.rows("SELECT 1 AS one");
        proxy.stall();
        return rows;
      },
      { signal: never },
    );
    expect(await answered).toEqual([{ one: 1 }]);
    await proxy.resume();
    expect((await database.query("SELECT 2", { ...everything, signal: never })).rows).toEqual([["2"]]);
  });

  it("says that nobody knows when it is lost at COMMIT", async () => {
    const proxy = await startFaultProxy(postgres);
    const database = open(proxy.url(postgres.url), (lease) => {
      connectionOf(lease.client).on("commandComplete", ({ text }: { text: string }) => {
        if (text === "UPDATE 1") proxy.cut();
      });
      return lease;
    });
    const change = database.commit("UPDATE t SET n = 0", { maxAffected: 1, expected: 1, signal: calls.signal });
    await expect(change).rejects.toMatchObject({ code: "UNKNOWN" });
  });
});

describePostgres("a result fetched in batches", (version) => {
  it("may have rows that together are larger than any one may be", async () => {
    const postgres = await startPostgres({ version });
    const source: ConnectionSource = { ...openSource({ databaseUrl: postgres.url }), kind: "embedded" };
    const database = new GuardedDatabase({ name: "test", source, gate: createGate({ allowFunctions: [], masks: [] }) });
    const sizes: number[] = [];
    await database.stream(
      "SELECT repeat('x', 3000000) FROM generate_series(1, 16)",
      { signal: never },
      { columns: () => {}, rows: async (rows) => void sizes.push(...rows.map(([cell]) => cell?.length ?? 0)) },
    );
    expect(sizes).toEqual(Array(16).fill(3_000_000));
    await postgres.stop("immediate");
  });
});
