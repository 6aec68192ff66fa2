import { describePostgres, errorOf, startPostgres, type TestPostgres, textOf } from "@mcp-reference/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PageOutput } from "../src/format/page-output.js";
import { type Fingerprint, fingerprint } from "./fingerprint.js";
import { connectInspected, type Inspected } from "./session-state.js";
import { type Watcher, watch } from "./watcher.js";

const SETUP = `
  CREATE TABLE t (id int PRIMARY KEY, body text);
  INSERT INTO t SELECT n, 'row ' || n FROM generate_series(1, 50) n;
  CREATE TABLE effects (what text);
  CREATE SEQUENCE counter;
  CREATE FUNCTION writes() RETURNS int LANGUAGE plpgsql VOLATILE AS
    $$ BEGIN INSERT INTO effects VALUES ('written'); RETURN 1; END $$;
  CREATE FUNCTION unsets() RETURNS int LANGUAGE plpgsql VOLATILE AS
    $$ BEGIN SET transaction_read_only = off; INSERT INTO effects VALUES ('unset'); RETURN 1; END $$;
  CREATE FUNCTION creates() RETURNS int LANGUAGE plpgsql VOLATILE AS
    $$ BEGIN CREATE TEMP TABLE left_over (a int); RETURN 1; END $$;
  CREATE FUNCTION commits() RETURNS int LANGUAGE plpgsql VOLATILE AS $$ BEGIN COMMIT; RETURN 1; END $$;
  CREATE ROLE somebody;`;

/** What an administrator may have allowed by mistake: the engine's own guards are all that is left. */
const ALLOWED = [
  ...["set_config", "nextval", "pg_advisory_lock", "pg_notify", "lo_create", "pg_sleep", "pg_create_restore_point"].map(
    (name) => `pg_catalog.${name}`,
  ),
  ...["writes", "unsets", "creates", "commits"].map((name) => `public.${name}`),
];

describePostgres("the engine behind the gate", (version) => {
  let postgres: TestPostgres;
  let watcher: Watcher;
  let before: Fingerprint;

  beforeAll(async () => {
    postgres = await startPostgres({ version, settings: { autovacuum: "off" } });
    watcher = await watch(postgres.url);
    await watcher.query(SETUP);
    before = await fingerprint(postgres);
  });
  afterAll(async () => {
    await watcher.close();
    await postgres.stop("immediate");
  });

  const open = (argv: string[] = [], url = postgres.url) =>
    connectInspected({ argv: ["--pool-size", "1", ...argv], env: { DATABASE_URL: url } });
  const call = ({ client }: Inspected, args: Record<string, unknown>, tool = "query") => client.callTool(tool, args);
  const codeOf = async (on: Inspected, args: Record<string, unknown>, tool?: string) =>
    errorOf(await call(on, args, tool))?.code;
  const page = async (on: Inspected, args: Record<string, unknown>) => {
    const result = await call(on, args);
    if (result.isError) throw new Error(textOf(result));
    return result.structuredContent as unknown as PageOutput;
  };

  describe("functions that should not have been allowed", () => {
    const refused: [sql: string, code: string][] = [
      ["SELECT writes()", "PERMISSION_DENIED"],
      ["SELECT writes() FROM t WHERE id = 1", "PERMISSION_DENIED"],
      ["SELECT unsets()", "PERMISSION_DENIED"],
      ["SELECT commits()", "UPSTREAM"],
      ["SELECT nextval('counter')", "PERMISSION_DENIED"],
      ["SELECT set_config('transaction_read_only', 'off', false)", "PERMISSION_DENIED"],
      ["SELECT set_config('transaction_read_only', 'off', true), writes()", "PERMISSION_DENIED"],
      ["SELECT set_config('transaction_isolation', 'serializable', true)", "PERMISSION_DENIED"],
    ];
    it.each(refused)("cannot write: %s", async (sql, code) => {
      const on = await open(ALLOWED.flatMap((name) => ["--allow-functions", name]));
      const clean = await on.session();
      expect(await codeOf(on, { sql })).toBe(code);
      expect(await codeOf(on, { sql }, "export_query")).toBe(code);
      expect(await on.session()).toEqual(clean);
      expect((await page(on, { sql: "SELECT count(*) FROM t" })).rows).toEqual([["50"]]);
    });

    it.each([
      "SELECT set_config('default_transaction_read_only', 'off', false)",
      "SELECT set_config('search_path', 'pg_temp', false)",
      "SELECT set_config('statement_timeout', '1', false)",
      "SELECT set_config('role', 'somebody', false)",
      "SELECT set_config('session_authorization', 'somebody', false)",
      "SELECT set_config('my.own', 'x', false)",
      "SELECT set_config('standard_conforming_strings', 'off', false)",
      "SELECT pg_advisory_lock(id) FROM t",
      "SELECT pg_advisory_lock(1), 1 / 0",
      "SELECT creates()",
      "SELECT lo_create(0)", // refused since PostgreSQL 16
      "SELECT pg_notify('channel', 'x')",
    ])("leave nothing in the session: %s", async (sql) => {
      const on = await open(ALLOWED.flatMap((name) => ["--allow-functions", name]));
      const clean = await on.session();
      await call(on, { sql });
      await call(on, { sql, analyze: true }, "explain_query");
      expect(await on.session()).toEqual(clean);
      expect(await watcher.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")).toEqual([]);
    });

    it("leave nothing in the session when the result is held, dropped or cancelled", async () => {
      const on = await open(ALLOWED.flatMap((name) => ["--allow-functions", name]));
      const clean = await on.session();
      const sql = "SELECT set_config('role', 'somebody', false), pg_advisory_lock(id) FROM t";
      expect((await page(on, { sql, limit: 1 })).nextCursor).toBeDefined();
      expect(await page(on, { sql: "SELECT current_user, current_setting('role')" })).toMatchObject({
        rows: [["postgres", "none"]],
      });
      const state = await on.session();
      expect({ ...state, pid: 0 }).toEqual({ ...clean, pid: 0 });
      const timeout = { sql: "SELECT set_config('my.own', 'x', false), pg_sleep(600)", timeout_ms: 50 };
      expect(await codeOf(on, timeout)).toBe("TIMEOUT");
      expect({ ...(await on.session()), pid: 0 }).toEqual({ ...clean, pid: 0 });
      expect(await watcher.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")).toEqual([]);
    });
  });

  describe("values", () => {
    const words = [
      "'; DROP TABLE t; --",
      "\\'; DROP TABLE t; --",
      "$$; DROP TABLE t; $$",
      "\"}',{NULL}",
      "{a,b}",
      "\\",
      '\\"',
      "NULL",
      "\u2028\u0001é\u{1f600}",
      " ",
    ];
    it.each(words)("stay values: %j", async (word) => {
      const on = await open();
      const nested = [
        [word, null],
        [word, word],
      ];
      const { rows } = await page(on, {
        sql: "SELECT $1::text = $4, ($2::text[])[1] = $4, ($3::text[])[2][2] = $4, $5::jsonb ->> 'k' = $4",
        params: [word, [word], nested, word, { k: word }],
      });
      expect(rows).toEqual([["t", "t", "t", "t"]]);
      const explained = { sql: "SELECT * FROM t WHERE body = $1 OR body = ANY ($2)", params: [word, [word]] };
      expect(await codeOf(on, explained, "explain_query")).toBeUndefined();
      expect(await codeOf(on, { ...explained, analyze: true }, "explain_query")).toBeUndefined();
    });

    it("cannot be as deep as the stack, nor as many as a message can count", async () => {
      const on = await open();
      let deep: unknown = "x";
      for (let depth = 0; depth < 500; depth++) deep = [deep];
      expect(await codeOf(on, { sql: "SELECT $1::text[]", params: [deep] })).toBe("TOO_LARGE");
      for (let depth = 0; depth < 5_000; depth++) deep = [deep];
      expect(await codeOf(on, { sql: "SELECT $1::text[]", params: [deep] })).toBeDefined();
      const many = Array.from({ length: 70_000 }, () => 1);
      expect(await codeOf(on, { sql: "SELECT $1::int", params: many })).toBe("INVALID_ARGUMENT");
      expect(await codeOf(on, { sql: "SELECT $65535::int", params: many.slice(0, 65_535) })).toBe("INVALID_ARGUMENT");
      expect(await codeOf(on, { sql: "SELECT $70000::int" })).toBe("INVALID_ARGUMENT");
      expect((await page(on, { sql: "SELECT 1" })).rows).toEqual([["1"]]);
    });

    it.each([
      ["describe_object", { object: "t\0x" }],
      ["describe_object", { object: `t"; DROP TABLE t; --` }],
      ["describe_object", { object: "t'); DROP TABLE t; --" }],
      ["search_objects", { pattern: "t\0x" }],
      ["search_objects", { pattern: "%'; DROP TABLE t; --" }],
      ["sample_table", { table: "t\0; DROP TABLE t" }],
      ["sample_table", { table: "t; DROP TABLE t" }],
      ["sample_table", { table: "(SELECT writes())" }],
      ["sample_table", { table: "t", columns: ["writes()"] }],
      ["sample_table", { table: "t", columns: ['id" FROM t; DROP TABLE t; --'] }],
      ["sample_table", { table: "pg_authid" }],
      ["explain_query", { sql: "SELECT 1", hypothetical_indexes: ["DROP TABLE t"] }],
      ["explain_query", { sql: "SELECT 1", hypothetical_indexes: ["CREATE INDEX ON t (id); DROP TABLE t"] }],
      ["explain_query", { sql: "SELECT 1; DROP TABLE t", analyze: true }],
      ["explain_query", { sql: "ANALYZE) DELETE FROM t", analyze: true }],
      ["advise_indexes", { queries: ["SELECT 1; DROP TABLE t"] }],
      ["advise_indexes", { queries: ["DELETE FROM t WHERE id = writes()"] }],
      ["query", { sql: "SELECT 1", database: "x'; DROP TABLE t" }],
      ["query", { sql: "SELECT 1", params: ["; DROP TABLE t"] }],
      ["execute", { sql: "DELETE FROM t" }],
    ])("make no SQL of names: %s %j", async (tool, args) => {
      const on = await open();
      const clean = await on.session();
      await on.client.callTool(tool, args).catch(() => {});
      expect(await on.session()).toEqual(clean);
      expect((await page(on, { sql: "SELECT count(*) FROM t" })).rows).toEqual([["50"]]);
    });

    it.each([
      "db://results/..%2F..%2Fetc%2Fpasswd",
      "db://results/00000000-0000-0000-0000-000000000000",
      "db://t'%3B%20DROP%20TABLE%20t/schema",
      "db://tables/t%22%3B%20DROP%20TABLE%20t/schema",
      "db://tables/t%00/schema",
      "db://other/schemas",
      "postgres://other@elsewhere/t/schema",
    ])("make no SQL and no path of resource %s", async (uri) => {
      const on = await open();
      await expect(on.client.readResource(uri)).rejects.toThrow(/NOT_FOUND|INVALID_ARGUMENT|not found/i);
    });
  });

  // The last: it judges all that ran before.
  it("has changed nothing", async () => {
    // A temporary table that is rolled back took a transaction id.
    expect({ ...(await fingerprint(postgres)), transactions: "" }).toEqual({ ...before, transactions: "" });
  });
});
