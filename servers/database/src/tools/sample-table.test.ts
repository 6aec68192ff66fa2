import { connect, errorOf, missingLeaves, startPostgres, textOf } from "@mcp-reference/testing";
import { beforeAll, expect, it } from "vitest";
import { awkwardDatabase, run, STRANGER } from "../../test/catalog-database.js";
import definition from "../index.js";

let server: Awaited<ReturnType<typeof startPostgres>>;
let url: string;
beforeAll(async () => {
  server = await startPostgres();
  url = await awkwardDatabase(server);
  await run(
    url,
    `CREATE TABLE app.big AS SELECT n, repeat('x', 50) AS filler FROM generate_series(1, 200000) n; ANALYZE app.big;
     CREATE TABLE app.wide AS SELECT 1 AS id, repeat('é', 100000) AS long, ''::text AS empty, NULL::text AS nothing;
     INSERT INTO "Mixed Case"."Größe" VALUES (1, 'a|b'), (2, 'NULL');
     INSERT INTO app.secrets VALUES ('postgres', 'mine'), ('${STRANGER}', 'theirs');
     GRANT USAGE ON SCHEMA app TO ${STRANGER}; GRANT SELECT ON app.secrets TO ${STRANGER}`,
  );
});

type Sample = {
  table: string;
  taken: string;
  columns: { name: string }[];
  rows: (string | null)[][];
  truncated: boolean;
};

async function sample(args: Record<string, unknown>, options: { url?: string; argv?: string[] } = {}) {
  const client = await connect(definition, { env: { DATABASE_URL: options.url ?? url }, argv: options.argv ?? [] });
  const result = await client.callTool("sample_table", args);
  expect(errorOf(result)).toBeUndefined();
  expect(missingLeaves(result.structuredContent, textOf(result))).toEqual([]);
  return result.structuredContent as Sample;
}

it("takes rows of a large table from all over it", async () => {
  const { rows, taken } = await sample({ table: "app.big", columns: ["n"], limit: 100 });
  expect(taken).toBe("random pages");
  const numbers = rows.map(([n]) => Number(n));
  expect(new Set(numbers).size).toBe(100);
  expect(Math.max(...numbers) - Math.min(...numbers)).toBeGreaterThan(100_000);
});

it("takes the first rows where there is nothing to choose from", async () => {
  await run(
    url,
    "CREATE TABLE app.emptied AS SELECT * FROM app.big; ANALYZE app.emptied; DELETE FROM app.emptied WHERE n > 3",
  );
  expect(await sample({ table: "app.emptied" })).toMatchObject({
    taken: "first rows",
    rows: [
      ["1", expect.anything()],
      ["2", expect.anything()],
      ["3", expect.anything()],
    ],
  });
  expect(await sample({ table: "app.grown_ups" })).toMatchObject({ taken: "first rows", rows: [] });
});

it("finds names that need quotes, and only the columns asked for", async () => {
  expect(await sample({ table: "größe", columns: ["日本"] }).catch(() => "refused")).toBe("refused");
  expect(await sample({ table: "Größe", columns: ["日本", "SELECT"] })).toMatchObject({
    table: '"Mixed Case"."Größe"',
    columns: [{ name: "日本" }, { name: "select" }],
    rows: [
      ["a|b", "1"],
      ["NULL", "2"],
    ],
  });
});

it("cuts long values and says how long they were", async () => {
  const { rows } = await sample({ table: "app.wide" });
  expect(rows).toEqual([["1", `${"é".repeat(200)}… (100000 characters)`, "", null]]);
});

it("stays within the output allowed", async () => {
  const found = await sample({ table: "app.big", limit: 100 }, { argv: ["--max-output=2k"] });
  expect(found.truncated).toBe(true);
  expect(found.rows.length).toBeGreaterThan(3);
});

it("shows what row security lets through, and no masked column", async () => {
  const theirs = await sample({ table: "app.secrets" }, { url: server.urlFor("awkward", STRANGER) });
  expect(theirs.rows).toEqual([]); // a restrictive policy alone lets nothing through
  const client = await connect(definition, { env: { DATABASE_URL: url }, argv: ["--mask=app.secrets.secret"] });
  expect(textOf(await client.callTool("sample_table", { table: "app.secrets" }))).not.toMatch(/mine|theirs/);
});

it("refuses what has no rows, and names that are none", async () => {
  const client = await connect(definition, { env: { DATABASE_URL: url } });
  const errorFor = async (args: Record<string, unknown>) => errorOf(await client.callTool("sample_table", args));
  expect(await errorFor({ table: "app.touch" })).toMatchObject({ code: "NOT_FOUND" });
  expect(await errorFor({ table: "app.big; DROP TABLE app.big" })).toMatchObject({ code: "NOT_FOUND" });
  expect(await errorFor({ table: "app.big", columns: ["filer"] })).toMatchObject({
    code: "NOT_FOUND",
    hint: expect.stringContaining("filler"),
  });
  expect(await errorFor({ table: "app.big", columns: ['n", pg_sleep(9) --'] })).toMatchObject({
    code: expect.stringMatching(/INVALID_ARGUMENT|NOT_FOUND/),
  });
  expect(await errorFor({ table: "app.big", limit: 101 })).toMatchObject({ code: "INVALID_ARGUMENT" });
  const stranger = await connect(definition, { env: { DATABASE_URL: server.urlFor("awkward", STRANGER) } });
  expect(errorOf(await stranger.callTool("sample_table", { table: "app.big" }))).toMatchObject({
    code: "PERMISSION_DENIED",
  });
});
