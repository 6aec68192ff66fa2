import {
  connect,
  errorOf,
  missingLeaves,
  startPostgres,
  type TestPostgres,
  tempDir,
  textOf,
  variants,
} from "@mcp-reference/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkNames } from "../../src/advice/health/check-health.js";
import definition from "../../src/index.js";
import { type Watcher, watch } from "../watcher.js";

let postgres: TestPostgres;
let watcher: Watcher;

beforeAll(async () => {
  postgres = await startPostgres({ settings: { shared_preload_libraries: "pg_stat_statements" } });
  watcher = await watch(postgres.url);
  await watcher.query(
    "CREATE TABLE orders AS SELECT i AS id, i % 5000 AS customer_id, repeat('x', 50) AS note FROM generate_series(1, 50000) i",
  );
  await watcher.query("CREATE SEQUENCE worn MAXVALUE 100; SELECT setval('worn', 95)");
  await watcher.query("CREATE EXTENSION pg_stat_statements");
  await watcher.query("ANALYZE orders");
  await watcher.query("SELECT * FROM orders WHERE customer_id = $1 AND note <> 'hunter2'", [5]);
});
afterAll(async () => {
  await watcher.close();
  await postgres.stop("immediate");
});

const open = (options: Parameters<typeof connect>[1] = {}) =>
  connect(definition, { ...options, env: { DATABASE_URL: postgres.url } });

describe.each(variants)("$variant", ({ sdk, era }) => {
  it("explains, advises, lists and checks, complete in the text alone", async () => {
    const client = await open({ sdk, era });
    const explained = textOf(
      await client.callTool("explain_query", {
        sql: "SELECT * FROM orders WHERE customer_id = $1",
        params: [5],
        analyze: true,
        hypothetical_indexes: ["CREATE INDEX ON orders (customer_id)"],
      }),
    );
    expect(explained).toMatch(/all 50,000 rows are read to keep 10/);
    expect(explained).toMatch(/CREATE INDEX ON orders \(customer_id\)/);
    const results = [
      await client.callTool("advise_indexes", { queries: ["SELECT * FROM orders WHERE customer_id = 5"] }),
      await client.callTool("list_top_queries", { limit: 5 }),
      await client.callTool("check_health", {}),
    ];
    for (const result of results) {
      expect(result.isError).toBeFalsy();
      expect(missingLeaves(result.structuredContent, textOf(result))).toEqual([]);
    }
    expect(textOf(results[0] ?? (explained as never))).toContain(
      "CREATE INDEX CONCURRENTLY ON public.orders (customer_id)",
    );
    expect(textOf(results[1] ?? (explained as never))).not.toContain("hunter2");
  });
});

it("shows a survey of all checks in short, and named ones in full", async () => {
  const client = await open();
  type Report = { status: string; checks: { check: string; status: string; evidence?: unknown[] }[] };
  const survey = (await client.callTool("check_health", {})).structuredContent as unknown as Report;
  expect(survey.checks.map(({ check }) => check)).toEqual(checkNames);
  expect(survey.checks.filter(({ status, evidence }) => status === "ok" && evidence)).toEqual([]);
  expect(Buffer.byteLength(textOf(await client.callTool("check_health", {})))).toBeLessThan(6000);
  const named = (await client.callTool("check_health", { checks: ["sequences"] }))
    .structuredContent as unknown as Report;
  expect(named).toMatchObject({
    status: "critical",
    checks: [{ check: "sequences", evidence: [{ sequence: "public.worn", used: "95 %" }] }],
  });
  expect(errorOf(await client.callTool("check_health", { checks: ["weather"] }))?.code).toBe("INVALID_ARGUMENT");
});

it("cuts a plan at --max-output, and says so", async () => {
  const client = await open({ argv: ["--max-output=1k"] });
  const sql = Array.from({ length: 60 }, (_, index) => `SELECT id FROM orders WHERE customer_id = ${index}`).join(
    " UNION ALL ",
  );
  const result = await client.callTool("explain_query", { sql });
  expect(result.isError).toBeFalsy();
  expect(textOf(result)).toMatch(/Cut at --max-output/);
});

it("costs at most 3 KB of the list of tools", async () => {
  const tools = (await (await open()).listTools()).filter(({ name }) =>
    ["explain_query", "check_health", "advise_indexes", "list_top_queries"].includes(name),
  );
  expect(tools).toHaveLength(4);
  const bytes = tools.map(
    ({ name, description, inputSchema }) => JSON.stringify({ name, description, inputSchema }).length,
  );
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3072);
});

it("gives prompts their plan, tables and checks", async () => {
  const client = await open();
  const words = async (name: string, args: Record<string, string>) =>
    JSON.stringify((await client.getPrompt(name, args)).messages);
  const optimize = await words("optimize_query", { sql: "SELECT * FROM orders WHERE customer_id = $1" });
  expect(optimize).toContain("Scan all of orders");
  expect(optimize).toMatch(/public.orders \(about 50,000 rows/);
  expect(optimize).toContain("note text, 1 distinct value");
  expect(await words("health_report", {})).toContain("sequences: CRITICAL");
  await expect(client.getPrompt("optimize_query", { sql: "DROP TABLE orders" })).rejects.toMatchObject({
    data: { code: "PERMISSION_DENIED" },
  });
});

it("works on the embedded database, and says what does not apply", async () => {
  const client = await connect(definition, { argv: ["--data-dir", await tempDir(), "--demo"] });
  const health = await client.callTool("check_health", {});
  expect(health.isError).toBeFalsy();
  expect(textOf(health)).not.toContain("Could not be checked");
  expect(textOf(health)).toContain("embedded");
  const explained = await client.callTool("explain_query", {
    sql: "SELECT count(*) FROM pg_class WHERE relname = $1",
    params: ["x"],
    analyze: true,
  });
  expect(textOf(explained)).toMatch(/Ran .* planned/);
  const top = await client.callTool("list_top_queries", {});
  expect(errorOf(top)?.code ?? textOf(top)).toMatch(/^UNSUPPORTED$|queries/);
});
