import { fileURLToPath } from "node:url";
import {
  connect,
  describePostgres,
  spawnBin,
  startPostgres,
  type TestPostgres,
  variants,
} from "@mcp-reference/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Watcher, watch } from "./watcher.js";

const bin = new URL("../dist/cli.js", import.meta.url);
const sql = "SELECT pg_sleep(600) AS to_be_stopped";
const running = "pid <> pg_backend_pid() AND state = 'active' AND query LIKE '%to_be_stopped%'";

describePostgres("stopping a query", (version) => {
  let postgres: TestPostgres;
  let watcher: Watcher;

  beforeAll(async () => {
    postgres = await startPostgres({ version });
    watcher = await watch(postgres.url);
  });
  afterAll(async () => {
    await watcher.close();
    await postgres.stop("immediate");
  });

  const started = () => watcher.until(`SELECT count(*) = 1 FROM pg_stat_activity WHERE ${running}`);
  const stopped = () => watcher.until(`SELECT count(*) = 0 FROM pg_stat_activity WHERE ${running}`);
  const gone = () =>
    watcher.until("SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name LIKE 'mcp-server%'");
  const spawn = async () => {
    const server = spawnBin(bin, { env: { DATABASE_URL: postgres.url } });
    await server.initialize();
    server.send({ jsonrpc: "2.0", id: "q", method: "tools/call", params: { name: "query", arguments: { sql } } });
    await started();
    return server;
  };

  describe.each(variants)("by a client, $variant", ({ sdk, era }) => {
    it("ends the backend's query, and the next call works", async () => {
      const client = await connect(
        { command: process.execPath, args: [fileURLToPath(bin)], env: { DATABASE_URL: postgres.url } },
        { sdk, era },
      );
      const controller = new AbortController();
      const call = client.callTool("query", { sql }, { signal: controller.signal }).catch(() => "cancelled");
      await started();
      controller.abort();
      expect(await call).toBe("cancelled");
      await stopped();
      const next = await client.callTool("query", { sql: "SELECT 1" });
      expect(next.isError).toBeFalsy();
    });
  });

  it.each(["SIGTERM", "SIGINT", "SIGKILL"] as const)("by %s leaves no connection", async (signal) => {
    const server = await spawn();
    server.kill(signal);
    const exit = await server.exit;
    expect(exit.signal ?? exit.code).toBe(signal === "SIGKILL" ? "SIGKILL" : 0);
    await gone();
  });

  it("by the end of stdin leaves no connection", async () => {
    const server = await spawn();
    server.closeStdin();
    expect(await server.exit).toMatchObject({ code: 0 });
    await gone();
  });

  it("ends held results with the process", async () => {
    const server = spawnBin(bin, { env: { DATABASE_URL: postgres.url } });
    await server.initialize();
    const held = { name: "query", arguments: { sql: "SELECT generate_series(1, 1000000000)", limit: 1 } };
    expect((await server.request("tools/call", held)).result).toMatchObject({ structuredContent: { truncated: true } });
    server.closeStdin();
    expect(await server.exit).toMatchObject({ code: 0 });
    await gone();
  });
});
