import { describePostgres, startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { ToolError } from "@mcp-reference/validation";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGate } from "../src/sql/gate.js";
import { parseMask } from "../src/sql/masks.js";
import { attackMasks, attackRoles, loadAttacks, setupSql } from "./attacks/load.js";
import { readerOf } from "./gate-reader.js";

const attacks = loadAttacks();

test("there are enough attacks, each once", () => {
  expect(attacks.length).toBeGreaterThan(300);
  const names = attacks.map(({ file, name }) => `${file}: ${name}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

describePostgres("the gate", (version) => {
  let server: TestPostgres;
  const clients = new Map<string, pg.Client>();
  let extensions: string[];

  beforeAll(async () => {
    server = await startPostgres({ version });
    const admin = await connect(server.url);
    await admin.query("CREATE DATABASE attacks");
    await admin.end();
    const setup = await connect(server.urlFor("attacks"));
    await setup.query(setupSql);
    extensions = (await setup.query("SELECT extname FROM pg_extension")).rows.map(({ extname }) => extname);
    await setup.end();
    for (const [as, role] of Object.entries(attackRoles))
      clients.set(as, await connect(server.urlFor("attacks", role)));
  });

  afterAll(async () => {
    await Promise.all([...clients.values()].map((client) => client.end()));
    await server.stop();
  });

  const gates = {
    open: createGate({ allowFunctions: [], masks: [] }),
    masking: createGate({ allowFunctions: [], masks: attackMasks.map(parseMask) }),
  };

  test.each(attacks)("refuses $file: $name", async ({ sql, code, as, masks, needs }) => {
    if (needs && !extensions.includes(needs)) return;
    const client = clients.get(as);
    if (!client) throw new Error(`no connection for ${as}`);
    await client.query("BEGIN READ ONLY");
    try {
      const answer = gates[masks.length > 0 ? "masking" : "open"].check(sql, readerOf(client));
      const error = await answer.then(
        (checked) => `let through: ${JSON.stringify(checked)}`,
        (reason) => reason,
      );
      if (!(error instanceof ToolError)) throw error instanceof Error ? error : new Error(String(error));
      expect(error.code).toBe(code);
      // What breaks a mask must be refused for that, not for what else stands in it.
      if (masks.length > 0) expect(error.message).toMatch(/mask|behind this server's back/);
    } finally {
      await client.query("ROLLBACK");
    }
  });
});

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
