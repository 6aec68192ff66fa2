import {
  connect,
  describePostgres,
  errorOf,
  startPostgres,
  type TestPostgres,
  textOf,
  variants,
} from "@mcp-reference/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import definition from "../src/index.js";
import { type Watcher, watch } from "./watcher.js";

describePostgres("execute", (version) => {
  let postgres: TestPostgres;
  let watcher: Watcher;

  beforeAll(async () => {
    postgres = await startPostgres({ version });
    watcher = await watch(postgres.url);
  });
  afterAll(async () => {
    await watcher.close();
    await postgres.stop("immediate");
  });
  beforeEach(async () => {
    await watcher.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    await watcher.query(
      "CREATE TABLE t (id int PRIMARY KEY, secret text, n int); INSERT INTO t SELECT g, 'secret ' || g, g FROM generate_series(1, 10) g",
    );
  });

  const open = (options: Parameters<typeof connect>[1] = {}) =>
    connect(definition, {
      ...options,
      env: { DATABASE_URL: postgres.url },
      argv: ["--read-only=false", ...(options.argv ?? [])],
    });
  const count = async (where = "true") =>
    Number((await watcher.query(`SELECT count(*) FROM t WHERE ${where}`))[0]?.count);

  it("is not offered unless writing is allowed", async () => {
    const client = await connect(definition, { env: { DATABASE_URL: postgres.url } });
    expect((await client.listTools()).map(({ name }) => name)).not.toContain("execute");
    expect(errorOf(await client.callTool("execute", { sql: "DELETE FROM t" }))?.code).toBe("NOT_FOUND");
    expect(await count()).toBe(10);
  });

  describe.each(variants)("with forms, $variant", ({ sdk, era }) => {
    it("shows what would change, and commits what was shown", async () => {
      const seen: string[] = [];
      const client = await open({
        sdk,
        era,
        elicit: async ({ message }) => {
          seen.push(message);
          expect(await count("n = 0")).toBe(0);
          return { action: "accept", content: { approve: true } };
        },
      });
      const result = await client.callTool("execute", { sql: "UPDATE t SET n = 0 WHERE id <= $1", params: [3] });
      expect(result.structuredContent).toEqual({ affected: 3 });
      expect(seen).toHaveLength(1);
      expect(seen[0]).toContain("3 rows");
      expect(seen[0]).toContain("secret 1");
      expect(await count("n = 0")).toBe(3);
    });

    it("does nothing when the user says no", async () => {
      const client = await open({ sdk, era, elicit: () => ({ action: "decline" }) });
      expect(errorOf(await client.callTool("execute", { sql: "DELETE FROM t" }))?.code).toBe("DECLINED");
      expect(await count()).toBe(10);
    });
  });

  it("changes nothing when the rows are other ones by the time of the answer", async () => {
    const client = await open({
      elicit: async () => {
        await watcher.query("INSERT INTO t VALUES (11, 'new', 1)");
        return { action: "accept", content: { approve: true } };
      },
    });
    expect(errorOf(await client.callTool("execute", { sql: "DELETE FROM t" }))).toMatchObject({ code: "CONFLICT" });
    expect(await count()).toBe(11);
  });

  it("asks by a token where there are no forms, good once and for the same statement", async () => {
    const client = await open();
    const sql = "DELETE FROM t WHERE id = 1 RETURNING id, secret";
    const first = errorOf(await client.callTool("execute", { sql }));
    expect(first).toMatchObject({ code: "DECLINED", message: expect.stringContaining("1 row") });
    const confirmation = first?.details?.confirmation;
    expect(errorOf(await client.callTool("execute", { sql: "DELETE FROM t", confirmation }))).toBeDefined();
    expect(await count()).toBe(10);
    const done = await client.callTool("execute", { sql, confirmation });
    expect(done.structuredContent).toEqual({ affected: 1, returned: [{ id: "1", secret: "secret 1" }] });
    expect(errorOf(await client.callTool("execute", { sql, confirmation }))).toBeDefined();
    expect(await count()).toBe(9);
  });

  it("refuses more rows than allowed before it asks", async () => {
    const client = await open({ argv: ["--confirm", "never"] });
    expect(errorOf(await client.callTool("execute", { sql: "DELETE FROM t", max_affected: 9 }))).toMatchObject({
      code: "TOO_LARGE",
    });
    expect(await count()).toBe(10);
    expect((await client.callTool("execute", { sql: "DELETE FROM t", max_affected: 10 })).structuredContent).toEqual({
      affected: 10,
    });
  });

  it("previews DDL with the locks it takes, then commits it", async () => {
    const client = await open();
    const sql = "ALTER TABLE t ADD COLUMN added text";
    const first = errorOf(await client.callTool("execute", { sql }));
    expect(first?.message).toContain("AccessExclusive");
    expect(
      await watcher.query("SELECT 1 FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'added'"),
    ).toEqual([]);
    const done = await client.callTool("execute", { sql, confirmation: first?.details?.confirmation });
    expect(textOf(done)).not.toContain("UNKNOWN");
    expect(
      await watcher.query("SELECT 1 FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'added'"),
    ).toHaveLength(1);
  });

  it("finds in the preview what COMMIT would refuse", async () => {
    await watcher.query("CREATE TABLE child (id int REFERENCES t DEFERRABLE INITIALLY DEFERRED)");
    const client = await open();
    expect(errorOf(await client.callTool("execute", { sql: "INSERT INTO child VALUES (99)" }))?.code).not.toBe(
      "DECLINED",
    );
  });

  it("shows a few words of long values, and still says what was done", async () => {
    const seen: string[] = [];
    const client = await open({
      elicit: ({ message }) => {
        seen.push(message);
        return { action: "accept", content: { approve: true } };
      },
    });
    const sql = "UPDATE t SET secret = repeat('x', 300000) RETURNING id, secret";
    const result = await client.callTool("execute", { sql });
    expect(errorOf(result)).toBeUndefined();
    expect(result.structuredContent).toMatchObject({ affected: 10 });
    expect(seen[0]?.length).toBeLessThan(4000);
    expect(textOf(result).length).toBeLessThan(20_000);
  });

  it("shows no masked column, neither in the preview nor in what is returned", async () => {
    const seen: string[] = [];
    const client = await open({
      argv: ["--mask", "public.t.secret"],
      elicit: ({ message }) => {
        seen.push(message);
        return { action: "accept", content: { approve: true } };
      },
    });
    const result = await client.callTool("execute", { sql: "UPDATE t SET n = 5 WHERE id = 2" });
    expect(result.isError).toBeFalsy();
    expect(`${seen} ${textOf(result)}`).not.toContain("secret 2");
  });

  it("refuses what ends transactions, what reads, and what cannot be tried out", async () => {
    const client = await open({ argv: ["--confirm", "never"] });
    const code = async (sql: string) => errorOf(await client.callTool("execute", { sql }))?.code;
    for (const sql of [
      "COMMIT",
      "BEGIN",
      "ROLLBACK",
      "SET ROLE postgres",
      "COPY t FROM PROGRAM 'id'",
      "DELETE FROM t; DELETE FROM t",
    ]) {
      expect(["PERMISSION_DENIED", "INVALID_ARGUMENT", "UNSUPPORTED"], sql).toContain(await code(sql));
    }
    expect(await code("VACUUM t")).toBe("UNSUPPORTED");
    expect(await code("CREATE INDEX CONCURRENTLY ON t (n)")).toBe("UNSUPPORTED");
    expect(await code("SELECT 1")).toBeDefined();
    expect(await count()).toBe(10);
  });
});
