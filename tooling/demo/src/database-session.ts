import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@mcp-reference/client";
import { calls, printTools } from "./calls.js";
import { printHeading } from "./print.js";

const BEST_CUSTOMERS = `SELECT r.name AS region, count(*) AS orders, sum(t.total) AS revenue
FROM order_totals t JOIN customers c USING (customer_id) JOIN regions r USING (region_id)
GROUP BY r.name ORDER BY revenue DESC`;

/** A session with the database server on its embedded database, filled with the example. @param cli the built server */
export async function databaseSession(cli: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "mcp-demo-"));
  printHeading("A session with the database server, on the PostgreSQL it brings along and its example of a shop");
  const start = performance.now();
  const args = ["--demo", "--data-dir", directory];
  const client = await connect({ command: process.execPath, args: [cli, ...args], env: { DATABASE_URL: "" } });
  try {
    await printTools(client, start, `mcp-server-database ${args.join(" ")}`);
    const { step, refused } = calls(client);
    await step("Find tables (the database is made now)", "search_objects", {
      kinds: ["table", "view"],
      schema: "public",
    });
    await step("Look at one", "describe_object", { object: "order_totals" });
    await step("Ask a question", "query", { sql: BEST_CUSTOMERS });
    await refused("Try to change something", "PERMISSION_DENIED", "query", { sql: "DELETE FROM orders" });
  } finally {
    await client.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}
