import { startPostgres, type TestPostgres, testServer } from "@mcp-reference/testing";
import { Client } from "pg";
import { afterAll, beforeAll } from "vitest";
import definition from "../src/index.js";

let postgres: TestPostgres;
const env: Record<string, string> = {};

beforeAll(async () => {
  postgres = await startPostgres({ settings: { shared_preload_libraries: "pg_stat_statements" } });
  env.DATABASE_URL = postgres.url;
  const client = new Client(postgres.url);
  await client.connect();
  await client.query(`
    CREATE EXTENSION pg_stat_statements;
    CREATE TABLE notes (id int PRIMARY KEY, body text);
    INSERT INTO notes VALUES (1, 'one'), (2, NULL)`);
  await client.end();
});
afterAll(() => postgres.stop("immediate"));

testServer(definition, {
  bin: new URL("../dist/cli.js", import.meta.url),
  toolsDir: new URL("../src/tools/", import.meta.url),
  env,
  examples: {
    query: { sql: "SELECT id, body, 'a, \"b\"' AS quoted, 'two\nlines' AS lines FROM notes ORDER BY id", limit: 1 },
    sample_table: { table: "notes" },
    list_databases: {},
    search_objects: { pattern: "note*" },
    describe_object: { object: "notes" },
    explain_query: { sql: "SELECT * FROM notes WHERE id = 1" },
    check_health: {},
    advise_indexes: { queries: ["SELECT * FROM notes WHERE body = 'one'"] },
    list_top_queries: {},
    export_query: { sql: "SELECT * FROM notes" },
    execute: { sql: "UPDATE notes SET body = 'changed' WHERE id = 1 RETURNING *" },
  },
  listBudgetBytes: 10 * 1024,
});
