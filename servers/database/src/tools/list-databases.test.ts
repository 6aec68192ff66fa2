import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { connect, missingLeaves, startPostgres, tempDir, textOf } from "@mcp-reference/testing";
import { beforeAll, expect, it } from "vitest";
import { run } from "../../test/catalog-database.js";
import definition from "../index.js";

let server: Awaited<ReturnType<typeof startPostgres>>;
beforeAll(async () => {
  server = await startPostgres();
  await run(server.url, "CREATE DATABASE shop");
  await run(
    server.url,
    "CREATE ROLE reader LOGIN; CREATE ROLE spy LOGIN IN ROLE pg_read_server_files; REVOKE CONNECT ON DATABASE shop FROM PUBLIC",
  );
});

type Listed = { name: string; warnings?: string[]; error?: string; version?: string; [fact: string]: unknown };

async function list(urls: Record<string, string>) {
  const [first = "", ...others] = Object.keys(urls);
  const dir = await tempDir();
  const databases = others.map((name) => ({ name, urlFile: join(dir, name), description: `The ${name}` }));
  for (const name of others) await writeFile(join(dir, name), urls[name] ?? "", { mode: 0o600 });
  const file = join(dir, "config.json");
  await writeFile(file, JSON.stringify({ databases }));
  const client = await connect(definition, { argv: ["--config", file], env: { DATABASE_URL: urls[first] ?? "" } });
  const result = await client.callTool("list_databases", {});
  const found = result.structuredContent as { databases: Listed[] };
  expect(missingLeaves(found, textOf(result))).toEqual([]);
  return { ...found, text: textOf(result) };
}

it("says what each is, and warns of a role that may do too much", async () => {
  const { databases, text } = await list({
    main: server.url,
    plain: server.urlFor("postgres", "reader"),
    spying: server.urlFor("postgres", "spy"),
  });
  expect(databases).toMatchObject([
    {
      kind: "server",
      address: `127.0.0.1:${server.port}/postgres`,
      role: "postgres",
      standby: false,
      otherDatabases: ["shop"],
    },
    { name: "plain", description: "The plain", role: "reader", otherDatabases: [], warnings: [] },
    { name: "spying", role: "spy" },
  ]);
  expect(databases.map(({ warnings = [] }) => warnings.join())).toEqual([
    expect.stringMatching(/DANGER.*superuser.*SELECT/),
    "",
    expect.stringMatching(/DANGER.*pg_read_server_files/),
  ]);
  expect(databases[0]?.version).toMatch(/^1\d/);
  expect(databases[0]?.size).toBeGreaterThan(1e6);
  expect(text).not.toContain("postgres://");
});

it("gives the others although some are down or silent", async () => {
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await new Promise((resolve) => silent.once("listening", resolve));
  const { port } = silent.address() as { port: number };
  try {
    const { databases } = await list({
      main: server.url,
      down: "postgres://u:hunter2@127.0.0.1:1/x",
      silent: `postgres://u:hunter2@127.0.0.1:${port}/x`,
      missing: server.urlFor("nowhere"),
    });
    expect(databases.map(({ error }) => error?.split(":")[0])).toEqual([
      undefined,
      "UNAVAILABLE",
      "TIMEOUT",
      expect.any(String),
    ]);
    expect(JSON.stringify(databases)).not.toMatch(/hunter2/);
    for (const { error = "" } of databases) expect(error).not.toContain("\n");
  } finally {
    silent.close();
  }
});
