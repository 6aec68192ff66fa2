import { connect, startPostgres } from "@mcp-reference/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { awkwardDatabase, run } from "../../test/catalog-database.js";
import definition from "../index.js";

let server: Awaited<ReturnType<typeof startPostgres>>;
let url: string;
beforeAll(async () => {
  server = await startPostgres();
  url = await awkwardDatabase(server);
});
afterAll(() => server?.stop());

const refused = (code: string) => expect.objectContaining({ data: expect.objectContaining({ code }) });
const open = (argv: string[] = []) => connect(definition, { env: { DATABASE_URL: url }, argv });
type Client = Awaited<ReturnType<typeof open>>;

async function read(client: Client, uri: string) {
  const { contents } = await client.readResource(uri);
  const [content] = contents as { text: string; mimeType: string }[];
  expect(content?.mimeType).toBe("application/json");
  return JSON.parse(content?.text ?? "");
}

async function nameOf(client: Client): Promise<string> {
  const { structuredContent } = await client.callTool("list_databases", {});
  return (structuredContent as { databases: { name: string }[] }).databases[0]?.name ?? "";
}

it("lists the schemas and every table of the server, without user and password", async () => {
  const client = await open();
  const uris = (await client.listResources()).map(({ uri }) => uri);
  expect(new Set(uris).size).toBe(uris.length);
  const { rows } = await run(
    url,
    `SELECT table_schema, table_name FROM information_schema.tables
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_name NOT LIKE 'events\\_%'`,
  );
  const tables = uris.filter((uri) => uri.startsWith("postgres://"));
  expect(tables).toHaveLength(rows.length + 1); // and the materialized view
  const base = `postgres://127.0.0.1:${server.port}/awkward`;
  expect(tables).toEqual(
    expect.arrayContaining([
      `${base}/users/schema`,
      `${base}/app.users/schema`,
      `${base}/app.counted/schema`,
      `${base}/many.table_2000/schema`,
    ]),
  );
  expect(uris).toEqual(expect.arrayContaining(["db://app/schema", "db://Mixed%20Case/schema", "db://empty/schema"]));
  for (const uri of [...uris.filter((one) => !one.includes("many."))]) await read(client, uri);
});

it("reads a schema, or a table where no schema has the name", async () => {
  const client = await open();
  const app = await read(client, "db://app/schema");
  expect(app.schema).toBe("app");
  expect(app.tables.map(({ name }: { name: string }) => name)).toEqual([
    "car",
    "counted",
    "events",
    "grown_ups",
    "remote",
    "secrets",
    "users",
    "vehicle",
  ]);
  expect(app.tables[2].columns[0]).toEqual({ name: "at", type: "timestamp with time zone", notNull: true });
  expect(await read(client, "db://Mixed%20Case/schema")).toMatchObject({ schema: "Mixed Case" });
  expect(await read(client, "db://empty/schema")).toEqual({ schema: "empty", tables: [] });
  expect(await read(client, "db://events/schema")).toMatchObject({ kind: "partitioned table", name: "app.events" });
  expect(await read(client, "db://public.users/schema")).toMatchObject({ name: "public.users" });
  await expect(read(client, "db://users/schema")).rejects.toEqual(refused("AMBIGUOUS"));
  await expect(read(client, "db://nowhere/schema")).rejects.toThrow("NOT_FOUND");
  await run(url, "CREATE SCHEMA results; CREATE SCHEMA tables");
  expect(await read(client, "db://results/schema")).toMatchObject({ schema: "results" });
  expect(await read(client, "db://tables/schema")).toMatchObject({ schema: "tables" });
});

it("reads a table by its name", async () => {
  const client = await open();
  expect(await read(client, "db://tables/public.users/schema")).toMatchObject({
    name: "public.users",
    columns: expect.any(Array),
  });
  expect(await read(client, `db://tables/${encodeURIComponent('"Mixed Case"."a""b"')}/schema`)).toMatchObject({
    name: '"Mixed Case"."a""b"',
  });
});

it("reads the URIs of the reference server", async () => {
  const client = await open();
  const columns = await read(client, `postgres://127.0.0.1:${server.port}/awkward/users/schema`);
  expect(columns.slice(0, 2)).toEqual([
    { column_name: "id", data_type: "bigint" },
    { column_name: "email", data_type: "public.citext" },
  ]);
  for (const base of [
    `postgres@127.0.0.1:${server.port}/awkward`,
    `127.0.0.1:${server.port}`,
    `u:p@127.0.0.1:${server.port}`,
  ]) {
    expect(await read(client, `postgres://${base}/users/schema`)).toEqual(columns);
  }
  for (const base of ["postgres:hunter2@elsewhere:5432/awkward", `127.0.0.1:${server.port}/other`]) {
    const failure = await read(client, `postgres://${base}/users/schema`).catch((error: unknown) => error);
    expect((failure as Error).message).toMatch(/^NOT_FOUND: (?!.*hunter2)/);
  }
});

it("reads all schemas and relationships of a database", async () => {
  const client = await open();
  const database = await nameOf(client);
  const { schemas } = await read(client, `db://${database}/schemas`);
  expect(schemas.find(({ schema }: { schema: string }) => schema === "app")).toMatchObject({
    comment: "The shop",
    tables: expect.arrayContaining(["events"]),
  });
  const { relationships } = await read(client, `db://${database}/relationships`);
  expect(relationships).toEqual([
    {
      name: "both keys",
      from: '"Mixed Case"."a""b"',
      columns: ["o", "l"],
      to: '"Mixed Case"."Order.Lines"',
      references: ["Order Id", "line"],
      onUpdate: "cascade",
    },
    { name: "events_who_fkey", from: "app.events", columns: ["who"], to: "public.users", references: ["id"] },
    {
      name: "users_manager_fkey",
      from: "public.users",
      columns: ["manager"],
      to: "public.users",
      references: ["id"],
      onDelete: "set null",
    },
  ]);
  await expect(read(client, "db://nowhere/schemas")).rejects.toThrow("NOT_FOUND");
});

it("completes databases, schemas and tables", async () => {
  const client = await open();
  const complete = async (template: string, name: string, value: string) =>
    (await client.complete({ ref: { type: "ref/resource", uri: template }, argument: { name, value } })).values;
  const database = await nameOf(client);
  expect(await complete("db://{database}/schemas", "database", database.slice(0, 1))).toEqual([database]);
  expect(await complete("db://{schema}/schema", "schema", "ap")).toEqual(["app"]);
  expect(await complete("db://tables/{table_name}/schema", "table_name", "app.ev")).toEqual([
    "app.events",
    "app.events_2025",
    "app.events_2025_eu",
    "app.events_rest",
  ]);
  expect(await complete("db://tables/{table_name}/schema", "table_name", '"mixed case".o')).toEqual([
    '"Mixed Case"."Order.Lines"',
  ]);
  expect(await complete("db://tables/{table_name}/schema", "table_name", "table_")).toHaveLength(100);
});

it("lists what needs no database while that is down", async () => {
  const client = await connect(definition, { env: { DATABASE_URL: "postgres://u@127.0.0.1:1/x" } });
  const resources = await client.listResources();
  expect(resources.map(({ uri }) => uri.replace(/^db:\/\/[^/]+/, ""))).toEqual(["/schemas", "/relationships"]);
  await expect(read(client, resources[0]?.uri ?? "")).rejects.toEqual(refused("UNAVAILABLE"));
});

it("refuses a schema that is too large for an answer", async () => {
  const client = await open(["--max-output=10k"]);
  await expect(read(client, "db://many/schema")).rejects.toEqual(refused("TOO_LARGE"));
});
