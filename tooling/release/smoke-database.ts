import { strict as assert } from "node:assert";
import { join } from "node:path";
import type { Smoke } from "./pack-smoke.js";

/** Asks the embedded database, which is fetched as an optional package. */
export const database: Smoke = {
  name: "database",
  packages: ["@electric-sql/pglite"],
  prepare: (folder) => ["--demo", "--data-dir", join(folder, "data")],
  async use(client) {
    const { text } = await client.callTool("query", { sql: "SELECT count(*) > 0 AS sold FROM orders" });
    assert.match(text, /^t$/m);
  },
};
