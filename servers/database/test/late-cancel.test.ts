import { describePostgres, startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ConnectionSource } from "../src/engine/connection-source.js";
import { GuardedDatabase } from "../src/engine/database.js";
import { createGate } from "../src/sql/gate.js";
import { openSource } from "./connection/open-source.js";
import { type Watcher, watch } from "./watcher.js";

describePostgres("a cancel that comes too late to stop a statement", (version) => {
  let postgres: TestPostgres;
  let watcher: Watcher;

  beforeAll(async () => {
    postgres = await startPostgres({ version });
    watcher = await watch(postgres.url);
    await watcher.query("CREATE TABLE t (n int); INSERT INTO t VALUES (0)");
  });
  afterAll(async () => {
    await watcher.close();
    await postgres.stop("immediate");
  });

  /** Its requests to stop are lost on the way. */
  const deaf = (source: ConnectionSource): ConnectionSource => ({
    ...source,
    acquire: async (signal) => ({ ...(await source.acquire(signal)), interrupt: async () => {} }),
  });

  it("commits nothing: the caller was told that it did not happen", async () => {
    const source = deaf(openSource({ databaseUrl: postgres.url }));
    const gate = createGate({ allowFunctions: [], masks: [] });
    const database = new GuardedDatabase({ name: "test", source, gate });
    const controller = new AbortController();
    const sql = "UPDATE t SET n = 1 WHERE n = 0";
    await watcher.query("BEGIN; SELECT FROM t FOR UPDATE");
    const committed = database.commit(sql, { expected: 1, maxAffected: 10, signal: controller.signal });
    const outcome = committed.then(
      () => "committed",
      () => "refused",
    );
    await watcher.until("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted");
    controller.abort(new Error("cancelled"));
    await watcher.query("COMMIT");
    expect(await outcome).toBe("refused");
    expect(await watcher.query("SELECT n FROM t")).toEqual([{ n: 0 }]);
  });
});
