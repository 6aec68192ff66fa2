import { startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { ToolError } from "@mcp-reference/validation";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromPostgres } from "../../src/connection/sqlstate.js";

let postgres: TestPostgres;
let client: Client;

beforeAll(async () => {
  postgres = await startPostgres();
  client = new Client(postgres.url);
  await client.connect();
  await client.query(`
    CREATE ROLE nobody_much;
    CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, age int CHECK (age > 0));
    INSERT INTO people VALUES (1, 'Ada', 36);
    CREATE FUNCTION complain() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'no, thanks'; END $$;`);
});
afterAll(async () => {
  await client.end();
  await postgres.stop("immediate");
});

async function failing(sql: string): Promise<ToolError> {
  try {
    await client.query(sql);
  } catch (error) {
    await client.query("ROLLBACK; RESET ALL; RESET ROLE");
    return fromPostgres(error, { sql });
  }
  throw new Error("it worked");
}

test.each([
  ["SELEC 1", "INVALID_ARGUMENT", "42601"],
  ["SELECT 1 +", "INVALID_ARGUMENT", "42601"],
  ["SELECT * FROM peple", "NOT_FOUND", "42P01"],
  ["SELECT nam FROM people", "NOT_FOUND", "42703"],
  ["SELECT no_function(1)", "NOT_FOUND", "42883"],
  ["SELECT 1::no_type", "NOT_FOUND", "42704"],
  ["SELECT * FROM no_schema.people", "NOT_FOUND", "42P01"],
  ["CREATE TABLE no_schema.x ()", "NOT_FOUND", "3F000"],
  ["CREATE TABLE people ()", "ALREADY_EXISTS", "42P07"],
  ["SET ROLE nobody_much; SELECT * FROM people", "PERMISSION_DENIED", "42501"],
  ["BEGIN READ ONLY; DELETE FROM people", "PERMISSION_DENIED", "25006"],
  ["BEGIN READ ONLY; SELECT 1; SAVEPOINT a; SET TRANSACTION READ WRITE", "PERMISSION_DENIED", "25001"],
  ["SET statement_timeout = 10; SELECT pg_sleep(5)", "TIMEOUT", "57014"],
  ["INSERT INTO people VALUES (1, 'Eve', 1)", "CONFLICT", "23505"],
  ["INSERT INTO people VALUES (2, NULL, 1)", "INVALID_ARGUMENT", "23502"],
  ["INSERT INTO people VALUES (2, 'Eve', 0)", "INVALID_ARGUMENT", "23514"],
  ["SELECT 1/0", "INVALID_ARGUMENT", "22012"],
  ["SELECT 'x'::int", "INVALID_ARGUMENT", "22P02"],
  ["SELECT (SELECT generate_series(1, 2))", "INVALID_ARGUMENT", "21000"],
  ["SELECT complain()", "UPSTREAM", "P0001"],
  [`SELECT ${Array.from({ length: 1700 }, (_, index) => index).join()}`, "TOO_LARGE", "54011"],
  ["FETCH 1 FROM gone", "CONFLICT", "34000"],
])("%.60s: %s", async (sql, code, sqlstate) => {
  expect(await failing(sql)).toMatchObject({ code, details: { sqlstate } });
});

test("a lock that others hold is a conflict", async () => {
  const other = new Client(postgres.url);
  await other.connect();
  await other.query("BEGIN; LOCK people");
  const error = await failing("BEGIN; SET lock_timeout = 10; SELECT * FROM people");
  await other.end();
  expect(error).toMatchObject({ code: "CONFLICT", retryAfterMs: expect.any(Number), details: { sqlstate: "55P03" } });
});

describe("the words", () => {
  test("are the server's, with its detail and hint, and the place counted in characters", async () => {
    const error = await failing("SELECT '🦆', 1,\n  nme FROM people");
    expect(error.message).toBe('column "nme" does not exist at line 2, column 3');
    expect(error.hint).toMatch(/Perhaps you meant.*people\.name/);
    const duplicate = await failing("INSERT INTO people VALUES (1, 'Eve', 1)");
    expect(duplicate.message).toMatch(/\(Key \(id\)=\(1\) already exists\.\)/);
    expect(duplicate.details).toMatchObject({ table: "people", constraint: "people_pkey" });
  });

  test("are one bounded line", async () => {
    const error = await failing(
      `DO $$ BEGIN RAISE '%', E'a\\nb' || repeat('x', 100000) USING HINT = repeat('h', 100000); END $$`,
    );
    expect(error.message).not.toMatch(/\n/);
    expect(error.toLine().length).toBeLessThan(3000);
  });
});

test("a lost connection is UNAVAILABLE", async () => {
  const victim = new Client(postgres.url);
  victim.on("error", () => {});
  await victim.connect();
  const { rows } = await victim.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const ended = victim.query("SELECT pg_sleep(600)").catch((error) => fromPostgres(error));
  await client.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
  expect(await ended).toMatchObject({ code: "UNAVAILABLE" });
  const after = await victim.query("SELECT 1").catch((error) => fromPostgres(error));
  expect(after).toMatchObject({ code: "UNAVAILABLE" });
});

test("ours comes back as it is, and a mistake is thrown on", () => {
  const ours = new ToolError("DECLINED", "no");
  expect(fromPostgres(ours)).toBe(ours);
  const mistake = new TypeError("x is not a function");
  expect(() => fromPostgres(mistake)).toThrow(mistake);
});
