import { describePostgres, errorOf, startPostgres, type TestPostgres, textOf } from "@mcp-reference/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PageOutput } from "../src/format/page-output.js";
import { connectInspected, type Inspected } from "./session-state.js";
import { type Watcher, watch } from "./watcher.js";

const SETUP = `
  CREATE TABLE t (id int PRIMARY KEY, body text);
  INSERT INTO t SELECT n, 'row ' || n FROM generate_series(1, 50) n;
  CREATE TABLE effects (what text);
  CREATE ROLE nobodys LOGIN;
  CREATE ROLE somebody;
  GRANT SELECT ON t TO somebody;`;

describePostgres("cursors, errors and roles", (version) => {
  let postgres: TestPostgres;
  let watcher: Watcher;

  beforeAll(async () => {
    postgres = await startPostgres({ version });
    watcher = await watch(postgres.url);
    await watcher.query(SETUP);
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

  describe("cursors", () => {
    const sql = "SELECT id FROM t ORDER BY id";
    const first = async (on: Inspected) => String((await page(on, { sql, limit: 3 })).nextCursor);

    it("are worthless when forged, and the genuine one goes on", async () => {
      const on = await open();
      const cursor = await first(on);
      const bytes = Buffer.from(cursor, "base64url");
      for (let at = 0; at < bytes.length; at += 5) {
        const forged = Buffer.from(bytes);
        forged[at] = (forged[at] ?? 0) ^ 1;
        expect(await codeOf(on, { sql, limit: 3, cursor: forged.toString("base64url") })).toBe("INVALID_ARGUMENT");
      }
      for (const other of ["x", "AQ", Buffer.from('"x"').toString("base64url"), `${cursor}AAAA`]) {
        expect(await codeOf(on, { sql, limit: 3, cursor: other })).toBe("INVALID_ARGUMENT");
      }
      const changed = [{ sql: `${sql} LIMIT 9` }, { params: [1] }, { database: "default" }];
      for (const change of changed) {
        expect(await codeOf(on, { sql, limit: 3, cursor, ...change })).toMatch(/INVALID_ARGUMENT|NOT_FOUND/);
      }
      expect(await codeOf(on, { pattern: "*", cursor }, "search_objects")).toBe("INVALID_ARGUMENT");
      expect((await page(on, { sql, limit: 3, cursor })).rows).toEqual([["4"], ["5"], ["6"]]);
    });

    it("belong to their caller in the engine too", async () => {
      const on = await open();
      const database = on.services.databases.get();
      const options = { limit: 3, maxBytes: 1000, signal: new AbortController().signal };
      const { next = "" } = await database.query(sql, { ...options, owner: "me" });
      await expect(database.next(next, { ...options, owner: "you" })).rejects.toMatchObject({ code: "CONFLICT" });
      expect((await database.next(next, { ...options, owner: "me" })).rows).toEqual([["4"], ["5"], ["6"]]);
      await expect(database.next(next, { ...options, owner: "me" })).rejects.toMatchObject({ code: "CONFLICT" });
    });

    it("of which one of two calls at once gets the page", async () => {
      const on = await open();
      const args = { sql, limit: 3, cursor: await first(on) };
      const codes = await Promise.all([codeOf(on, args), codeOf(on, args)]);
      expect(codes.filter((code) => code === undefined)).toHaveLength(1);
      expect(codes).toContain("CONFLICT");
    });

    it("fail when the backend is gone, and the next call works", async () => {
      const on = await open();
      const args = { sql: "SELECT n, repeat('x', 1000) FROM generate_series(1, 1000000) n", limit: 200 };
      let { nextCursor: cursor } = await page(on, args);
      await watcher.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'mcp-server%'",
      );
      await watcher.until("SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name LIKE 'mcp-server%'");
      let code: string | undefined;
      while (code === undefined) {
        const result = await call(on, { ...args, cursor }); // some pages were on their way
        code = errorOf(result)?.code;
        cursor = (result.structuredContent as PageOutput | undefined)?.nextCursor;
      }
      expect(["UNAVAILABLE", "CONFLICT"]).toContain(code);
      expect((await page(on, { sql: "SELECT 1" })).rows).toEqual([["1"]]);
    });
  });

  describe("a session after an error", () => {
    it.each([
      { what: "at once", sql: "SELECT 1 / (id - 1) FROM t ORDER BY id", limit: 1000 },
      { what: "in the middle of the first page", sql: "SELECT 1 / (id - 20) FROM t ORDER BY id", limit: 1000 },
      { what: "at execution", sql: "SELECT body::int FROM t", limit: 1 },
    ])("$what is clean and used again", async ({ sql, limit }) => {
      const on = await open();
      const clean = await on.session();
      expect(await codeOf(on, { sql, limit })).toBe("INVALID_ARGUMENT");
      expect(await on.session()).toEqual(clean);
      expect(await codeOf(on, { sql }, "export_query")).toBe("INVALID_ARGUMENT");
      expect(await codeOf(on, { sql, analyze: true }, "explain_query")).toBe("INVALID_ARGUMENT");
      expect(await on.session()).toEqual(clean);
    });

    it("on a later page gives the pages before, then the error", async () => {
      const on = await open();
      const sql = "SELECT id, repeat('x', 20000), 1 / (id - 30) FROM t WHERE id > 0";
      const args = { sql, limit: 5 };
      let cursor: string | undefined;
      const seen: (string | null | undefined)[] = [];
      let code: string | undefined;
      do {
        const result = await call(on, { ...args, ...(cursor && { cursor }) });
        code = errorOf(result)?.code;
        const { rows = [], nextCursor } = (result.structuredContent ?? {}) as Partial<PageOutput>;
        seen.push(...rows.map(([id]) => id));
        cursor = nextCursor;
      } while (cursor && code === undefined);
      expect(code).toBe("INVALID_ARGUMENT");
      expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => String(index + 1)));
      expect(seen.length).toBeGreaterThan(20);
      expect((await page(on, { sql: "SELECT 1" })).rows).toEqual([["1"]]);
    });

    it("of a statement that is too long or too deep takes the next one", async () => {
      const on = await open();
      const clean = await on.session();
      const padded = (length: number) => `SELECT 1 /*${"x".repeat(length - 13)}*/`;
      expect((await page(on, { sql: padded(100_000) })).rows).toEqual([["1"]]);
      expect(await codeOf(on, { sql: padded(100_001) })).toBe("TOO_LARGE");
      const deep = [
        `SELECT ${"(".repeat(40_000)}1${")".repeat(40_000)}`,
        `SELECT ${"- +".repeat(30_000)}1`,
        `SELECT 1${" + 1".repeat(24_000)}`,
        `SELECT * FROM ${"(SELECT * FROM ".repeat(3_000)}t${") s".repeat(3_000)}`,
        `SELECT ${"NOT ".repeat(24_000)}true`,
        `SELECT ${"ARRAY[".repeat(12_000)}1${"]".repeat(12_000)}`,
        `SELECT 1${" UNION SELECT 1".repeat(6_000)}`,
        `SELECT ${"CASE WHEN true THEN ".repeat(3_000)}1${" END".repeat(3_000)}`,
      ];
      for (const sql of deep) {
        for (const tool of ["query", "explain_query"]) {
          expect(["TOO_LARGE", "INVALID_ARGUMENT", undefined], sql.slice(0, 40)).toContain(
            await codeOf(on, { sql }, tool),
          );
        }
        expect((await page(on, { sql: "SELECT 1" })).rows).toEqual([["1"]]);
      }
      expect(await on.session()).toEqual(clean);
    });

    it("keeps its words to a line, whatever the server says", async () => {
      const on = await open();
      const result = await call(on, { sql: "SELECT repeat('x', 10000000)::int" });
      expect(errorOf(result)?.code).toBe("INVALID_ARGUMENT");
      expect(textOf(result).length).toBeLessThan(3000);
      expect(await codeOf(on, { sql: "SELECT repeat('x', 200000000)::int" })).toBe("TOO_LARGE");
      expect((await page(on, { sql: "SELECT 1" })).rows).toEqual([["1"]]);
    });

    it("takes a deadline longer than a timer can count", async () => {
      const on = await open();
      for (const timeout_ms of [2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
        expect((await page(on, { sql: "SELECT pg_sleep(0.05)", timeout_ms })).rows).toEqual([[""]]);
      }
    });
  });

  describe("--role", () => {
    it("that does not exist lets nothing run with other rights", async () => {
      const on = await open(["--role", "missing"]);
      for (const [tool, args] of [
        ["query", { sql: "SELECT current_user" }],
        ["query", { sql: "SELECT 1" }],
        ["query", { sql: "SELECT * FROM t" }],
        ["export_query", { sql: "SELECT * FROM t" }],
        ["explain_query", { sql: "SELECT * FROM t", analyze: true }],
        ["sample_table", { table: "t" }],
        ["search_objects", { pattern: "t" }],
      ] as const) {
        const error = errorOf(await call(on, args, tool));
        expect(error?.message, tool).toContain('role "missing" does not exist');
      }
    });

    it.each(['x"; RESET ROLE; --', "postgres; --", "x'"])("is a name and nothing else: %s", async (role) => {
      const on = await open(["--role", role]);
      expect(errorOf(await call(on, { sql: "SELECT current_user" }))?.message).toContain("does not exist");
    });

    it("that the login may not take is refused", async () => {
      const on = await open(["--role", "somebody"], postgres.urlFor("postgres", "nobodys"));
      expect(await codeOf(on, { sql: "SELECT * FROM t" })).toBe("PERMISSION_DENIED");
    });

    it("is kept to by every tool, with rights that are taken back at once", async () => {
      const on = await open(["--role", "somebody"]);
      expect((await page(on, { sql: "SELECT current_user, count(*) FROM t" })).rows).toEqual([["somebody", "50"]]);
      for (const sql of ["SELECT * FROM effects", "SELECT set_config('role', 'postgres', true)", "RESET ROLE"]) {
        expect(await codeOf(on, { sql }), sql).toBe("PERMISSION_DENIED");
        expect(await codeOf(on, { sql }, "export_query"), sql).toBe("PERMISSION_DENIED");
      }
      expect(await codeOf(on, { table: "effects" }, "sample_table")).toBe("PERMISSION_DENIED");
      expect(await codeOf(on, { sql: "SELECT * FROM effects", analyze: true }, "explain_query")).toBe(
        "PERMISSION_DENIED",
      );
      const { nextCursor } = await page(on, { sql: "SELECT id FROM t", limit: 1 });
      expect(nextCursor).toBeDefined();
      expect((await page(on, { sql: "SELECT current_user" })).rows).toEqual([["somebody"]]);
    });
  });
});
