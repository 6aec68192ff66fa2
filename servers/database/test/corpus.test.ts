import { describePostgres, startPostgres, type TestPostgres } from "@mcp-reference/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGate } from "../src/sql/gate.js";
import { corpusSchema, loadCorpus } from "./corpus/load.js";
import { readerOf } from "./gate-reader.js";

const corpus = loadCorpus();

test("there are enough queries, each once", () => {
  expect(new Set(corpus.map(({ sql }) => sql)).size).toBe(corpus.length);
  expect(corpus.length).toBeGreaterThan(130);
});

describePostgres("no analytic query is refused", (version) => {
  let server: TestPostgres;
  let client: pg.Client;
  let extensions: string[];

  beforeAll(async () => {
    server = await startPostgres({ version });
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(corpusSchema);
    extensions = (await admin.query("SELECT extname FROM pg_extension")).rows.map(({ extname }) => extname);
    await admin.end();
    client = new pg.Client({ connectionString: server.urlFor("postgres", "analyst") });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await server.stop();
  });

  const gate = createGate({ allowFunctions: [], masks: [] });

  test("extensions do not make ordinary statements dearer", async () => {
    const reader = readerOf(client);
    await gate.check("SELECT lower(name), count(*) FROM customers WHERE id = 5 AND name LIKE 'C%' GROUP BY 1", reader);
    expect(reader.count).toBe(1);
  });

  test.each(corpus)("$name", async ({ sql, params, min, needs }) => {
    if (needs && !extensions.includes(needs)) return;
    await client.query("BEGIN READ ONLY");
    try {
      const reader = readerOf(client);
      const checked = gate.check(sql, reader);
      // There such syntax would be a call of a user's function, or none: the gate says what it takes.
      if (version < min && /JSON/.test(sql)) return await expect(checked).rejects.toThrow(/needs PostgreSQL/);
      await checked;
      expect(reader.count).toBeLessThanOrEqual(2);
      if (version >= min) await client.query(sql, params);
    } finally {
      await client.query("ROLLBACK");
    }
  });
});
