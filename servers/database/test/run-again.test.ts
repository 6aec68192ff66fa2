import { describePostgres, startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { GuardedDatabase } from "../src/engine/database.js";
import { createGate } from "../src/sql/gate.js";
import { never, openSource } from "./connection/open-source.js";
import { type Watcher, watch } from "./watcher.js";

const everything = { limit: 1000, maxBytes: 1024 ** 2, signal: never };

describePostgres("a statement that is run again", (version) => {
  let postgres: TestPostgres;
  let watcher: Watcher;
  let database: GuardedDatabase;

  beforeAll(async () => {
    postgres = await startPostgres({ version });
    watcher = await watch(postgres.url);
    await watcher.query("CREATE ROLE reader; GRANT pg_read_all_data TO reader");
  });
  afterAll(async () => {
    await watcher.close();
    await postgres.stop("immediate");
  });
  beforeEach(() => {
    const source = openSource({ databaseUrl: postgres.url, poolSize: 1, poolWaitMs: 1000 });
    const gate = createGate({ allowFunctions: [], masks: [] });
    database = new GuardedDatabase({ name: "test", source, gate, role: "reader" });
    return () => database.close();
  });

  const twice = async (sql: string, between: string, params: unknown[] = []) => {
    await database.query(sql, { ...everything, params });
    await watcher.query(between);
    return database.query(sql, { ...everything, params });
  };

  it("has the types that its table has by then", async () => {
    await watcher.query("CREATE TABLE growing AS SELECT 1 AS id");
    const page = await twice(
      "SELECT * FROM growing",
      "CREATE TYPE mood AS ENUM ('sad', 'ok'); ALTER TABLE growing ADD price numeric(12, 3) DEFAULT 2, ADD feels mood DEFAULT 'ok'",
    );
    expect(page.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "id integer",
      "price numeric(12,3)",
      "feels mood",
    ]);
    expect(page.rows).toEqual([["1", "2.000", "ok"]]);
  });

  it("takes its parameters as the types that they have by then", async () => {
    await watcher.query("CREATE TABLE tagged (tags text[]); INSERT INTO tagged VALUES ('{a}')");
    const page = await twice(
      "SELECT 1 FROM tagged WHERE tags = $1",
      "ALTER TABLE tagged ALTER tags TYPE jsonb USING to_jsonb(tags)",
      [["a"]],
    );
    expect(page.rows).toEqual([["1"]]);
  });

  it("names the line of what has become an error", async () => {
    await watcher.query("CREATE TABLE going AS SELECT 1 AS id");
    const again = twice("SELECT id\nFROM going", "DROP TABLE going");
    await expect(again).rejects.toMatchObject({ code: "NOT_FOUND", message: expect.stringContaining("line 2") });
  });

  it("is not run when its transaction cannot begin", async () => {
    const again = twice("SELECT 1", "ALTER ROLE reader RENAME TO gone");
    await expect(again).rejects.toMatchObject({ message: expect.stringContaining('role "reader" does not exist') });
    await watcher.query("ALTER ROLE gone RENAME TO reader");
    expect((await database.query("SELECT 1", everything)).rows).toEqual([["1"]]);
  });

  it("runs in a transaction that is as guarded as at first", async () => {
    const guards = {
      "SHOW transaction_read_only": "on",
      "SHOW lock_timeout": "5s",
      "SHOW bytea_output": "hex",
      "SHOW statement_timeout": "66s",
      "SELECT CURRENT_USER": "reader",
    };
    await watcher.query("ALTER ROLE CURRENT_USER SET bytea_output TO escape");
    for (const [sql, value] of Object.entries(guards)) {
      for (const _ of ["first", "again"]) {
        expect((await database.query(sql, { ...everything, timeoutMs: 1000 })).rows).toEqual([[value]]);
      }
    }
  });
});
