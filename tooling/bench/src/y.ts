import { startFaultProxy } from "@mcp-reference/testing";
import { RpcClient } from "./rpc-client.js";
const proxy = await startFaultProxy({ port: 5432 });
for (const cli of ["/work/main/servers/database/dist/cli.js", "/tmp/dbx/dist/cli.js"]) {
  const c = new RpcClient({ command: process.execPath, args: [cli], env: { DATABASE_URL: `postgres://postgres@127.0.0.1:${proxy.port}/postgres` } });
  await c.initialize();
  await c.callTool("query", { sql: "SELECT 1" });
  proxy.delay(100);
  const t = performance.now();
  const r = await Promise.race([c.request("tools/call", { name: "query", arguments: { sql: "SELECT count(*) FROM generate_series(1,1e12)", timeout_ms: 1000 } }), new Promise((r) => setTimeout(r, 10000, "HANGS"))]);
  console.log(cli, performance.now() - t, JSON.stringify(r).slice(0, 300));
  await proxy.resume();
  c.close();
}
await proxy.close();
