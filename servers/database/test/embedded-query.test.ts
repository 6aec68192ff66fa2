import { existsSync, statSync } from "node:fs";
import { cp, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, errorOf, spawnBin, textOf } from "@mcp-reference/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embeddedSource } from "../src/embedded/embedded-source.js";
import type { PageOutput } from "../src/format/page-output.js";
import definition from "../src/index.js";
import { loadAttacks, setupSql } from "./attacks/load.js";
import { corpusSchema, loadCorpus } from "./corpus/load.js";
import { silent } from "./embedded/open-embedded.js";

type Client = Awaited<ReturnType<typeof connect>>;

const bin = new URL("../dist/cli.js", import.meta.url);
const VERSION = 18;

let folder: string;
/** Closed data directories: making one takes seconds. */
const demo = () => join(folder, "demo");
let shared: Client;

beforeAll(async () => {
  folder = await mkdtemp(join(await realpath(tmpdir()), "mcp-test-"));
  await prepare(demo(), true);
  shared = await open(await copy(demo(), "shared"));
}, 120_000);
afterAll(async () => {
  await shared?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Makes a database, and runs SQL in it as its owner. @returns its extensions */
async function prepare(dataDir: string, filled: boolean, sql = ""): Promise<string[]> {
  const source = embeddedSource({ dataDir, demo: filled, waitMs: 1000, log: silent });
  const { client, release } = await source.acquire(new AbortController().signal);
  await client.query(sql);
  const { rows } = await client.query<{ extname: string }>("SELECT extname FROM pg_extension");
  release("again");
  await source.close();
  return rows.map(({ extname }) => extname);
}

async function copy(from: string, name: string): Promise<string> {
  await cp(from, join(folder, name), { recursive: true });
  return join(folder, name);
}

const open = (dataDir: string, argv: string[] = []) =>
  connect(definition, { argv: ["--data-dir", dataDir, ...argv], env: { DATABASE_URL: "" } });
const page = async (args: Record<string, unknown>, on = shared) => {
  const result = await on.callTool("query", args);
  if (result.isError) throw new Error(textOf(result));
  return result.structuredContent as unknown as PageOutput;
};
const codeOf = async (args: Record<string, unknown>, on = shared, tool = "query") =>
  errorOf(await on.callTool(tool, args))?.code;

describe("queries of the embedded database", () => {
  it("come in pages without gaps and repeats", async () => {
    const sql = "SELECT n, repeat('x', (n * 7919) % 300) FROM generate_series(1, 5000) AS n";
    for (const size of [{ limit: 700 }, { max_bytes: 20_000 }]) {
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const { rows, nextCursor } = await page({ sql, ...size, ...(cursor && { cursor }) });
        seen.push(...rows.map(([n]) => Number(n)));
        cursor = nextCursor;
      } while (cursor);
      expect(seen).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1));
    }
  });

  it("let another query in between two pages: the one connection is taken back", async () => {
    const args = { sql: "SELECT generate_series(1, 100)", limit: 3 };
    const { nextCursor: cursor } = await page(args);
    expect((await page({ sql: "SELECT 1" })).rows).toEqual([["1"]]);
    expect(await codeOf({ ...args, cursor })).toBe("CONFLICT");
  });

  it("are ended at their deadline, and the next call works", async () => {
    const endless = "SELECT count(*) FROM generate_series(1, 1000000000000)";
    expect(await codeOf({ sql: endless, timeout_ms: 200 })).toBe("TIMEOUT");
    expect((await page({ sql: "SELECT 1" })).rows).toEqual([["1"]]);
    expect(await codeOf({ sql: "SELECT pg_sleep(600)", timeout_ms: 200 })).toBe("TIMEOUT");
    expect((await page({ sql: "SELECT 1" })).rows).toEqual([["1"]]);
  });

  it("are ended by their caller, and the next call works", async () => {
    const controller = new AbortController();
    const sql = "SELECT count(*) FROM generate_series(1, 1000000000000)";
    const call = shared.callTool("query", { sql }, { signal: controller.signal }).catch(() => "cancelled");
    controller.abort();
    expect(await call).toBe("cancelled");
    expect((await page({ sql: "SELECT 1" })).rows).toEqual([["1"]]);
  });

  it("refuse a value of 300 MB, and rows that no page holds", async () => {
    expect(await codeOf({ sql: "SELECT repeat('x', 300000000)" })).toMatch(/TOO_LARGE|UPSTREAM/);
    expect((await page({ sql: "SELECT 1" })).rows).toEqual([["1"]]);
    expect(await codeOf({ sql: "SELECT repeat('x', 300000)" })).toBe("TOO_LARGE");
    const { rows, truncated } = await page({ sql: "SELECT generate_series(1, 1000000000000)" });
    expect([rows.length, truncated]).toEqual([1000, true]);
    expect((await page({ sql: "SELECT 1" })).rows).toEqual([["1"]]);
  }, 60_000);

  it.each([
    ["9223372036854775807::bigint", "9223372036854775807", "bigint"],
    ["12345678901234567890.10::numeric(30,2)", "12345678901234567890.10", "numeric(30,2)"],
    ["'NaN'::float8", "NaN", "double precision"],
    ["'-Infinity'::float4", "-Infinity", "real"],
    ["'infinity'::timestamptz", "infinity", "timestamp with time zone"],
    ["'2024-02-29 12:34:56.789'::timestamp", "2024-02-29 12:34:56.789", "timestamp without time zone"],
    ["'1 year 2 mons -3 days 04:05:06'::interval", "1 year 2 mons -3 days +04:05:06", "interval"],
    ["'\\x00ff'::bytea", "\\x00ff", "bytea"],
    [`'{"b": 9007199254740993, "a": 1.10}'::jsonb`, '{"a": 1.10, "b": 9007199254740993}', "jsonb"],
    ["ARRAY[[1,NULL],[3,4]]", "{{1,NULL},{3,4}}", "integer[]"],
    ["int4range(1, 5)", "[1,5)", "int4range"],
    ["ROW(1, 'a b', NULL)", '(1,"a b",)', "record"],
    ["true", "t", "boolean"],
    ["'é\u{1f600}'::varchar(5)", "é\u{1f600}", "character varying(5)"],
    ["NULL::uuid", null, "uuid"],
  ])("give %s as it is", async (expression, value, type) => {
    const { rows, columns } = await page({ sql: `SELECT ${expression} AS v` });
    expect([rows, columns]).toEqual([[[value]], [{ name: "v", type }]]);
  });

  it("are what execute previews, and commits once it is confirmed", async () => {
    const dataDir = await copy(demo(), "execute");
    const client = await open(dataDir, ["--read-only=false"]);
    const [table] = (
      await page(
        {
          sql: "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY reltuples DESC",
        },
        client,
      )
    ).rows;
    expect(table).toBeDefined();
    const create = { sql: "CREATE TABLE mine (id int PRIMARY KEY, note text)" };
    const confirm = async (args: Record<string, unknown>) => {
      const asked = errorOf(await client.callTool("execute", args));
      expect(asked?.code).toBe("DECLINED");
      return client.callTool("execute", { ...args, confirmation: asked?.details?.confirmation });
    };
    expect((await confirm(create)).isError).toBeFalsy();
    const insert = { sql: "INSERT INTO mine SELECT n, $1 FROM generate_series(1, 5) n", params: ["a 'b'"] };
    expect((await confirm(insert)).structuredContent).toMatchObject({ affected: 5 });
    expect(errorOf(await client.callTool("execute", { sql: "DELETE FROM mine" }))?.message).toContain("5 rows");
    expect((await page({ sql: "SELECT count(*), min(note) FROM mine" }, client)).rows).toEqual([["5", "a 'b'"]]);
    await client.close();
    const again = await open(dataDir);
    expect((await page({ sql: "SELECT count(*) FROM mine" }, again)).rows).toEqual([["5"]]);
  }, 60_000);
});

describe("processes with an embedded database", () => {
  it("do not start it at initialize, and the second on a directory is told in one line", async () => {
    const dataDir = join(folder, "two");
    const [first, second] = [1, 2].map(() => spawnBin(bin, { args: ["--data-dir", dataDir] }));
    if (!first || !second) throw new Error("two were started");
    for (const server of [first, second]) {
      await server.initialize();
      await server.request("tools/list");
    }
    expect(existsSync(dataDir)).toBe(false);
    const one = { name: "query", arguments: { sql: "SELECT 1" } };
    expect((await first.request("tools/call", one)).result?.isError).toBeFalsy();
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    const { result } = await second.request("tools/call", one);
    const [{ text = "" } = {}] = (result?.content ?? []) as { text?: string }[];
    expect(text).toMatch(/^UNAVAILABLE: .*in use by another process \(pid \d+\).*--data-dir\.$/);
    expect(text).toContain(String(first.pid));
    first.closeStdin();
    expect(await first.exit).toEqual({ code: 0, signal: null });
    expect((await second.request("tools/call", one)).result?.isError).toBeFalsy();
    second.closeStdin();
    expect(await second.exit).toEqual({ code: 0, signal: null });
  }, 60_000);
});

describe("attacks on the embedded database", () => {
  let attacked: Client;
  let extensions: string[];
  let before: string;

  // One session, of the superuser: `shadowed` needs a search path of another role.
  const attacks = loadAttacks().filter(({ as, masks }) => as !== "shadowed" && masks.length === 0);
  const STATE = `SELECT (SELECT count(*) FROM shop.effects), (SELECT count(*) FROM shop.users), (SELECT count(*) FROM shop.orders),
    (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_roles),
    (SELECT count(*) FROM pg_largeobject_metadata), (SELECT last_value FROM shop.counter),
    current_user, current_setting('transaction_read_only'), current_setting('search_path'), current_setting('role')`;

  beforeAll(async () => {
    const dataDir = await copy(demo(), "attacked");
    extensions = await prepare(dataDir, false, setupSql);
    attacked = await open(dataDir);
    before = JSON.stringify((await page({ sql: STATE }, attacked)).rows);
  }, 60_000);
  afterAll(() => attacked?.close());

  it.each(attacks)("refuses $file: $name", async ({ file, sql, params, code, needs }) => {
    if (needs && !extensions.includes(needs)) return;
    // A database's own search_path is not applied in a standalone backend: what has no schema is not found there.
    const codes = file === "shadows.sql" ? [code, "NOT_FOUND"] : [code];
    expect(codes).toContain(await codeOf({ sql, ...(params && { params }) }, attacked));
  });

  it("have changed nothing", async () => {
    expect(JSON.stringify((await page({ sql: STATE }, attacked)).rows)).toBe(before);
  });
});

describe("analytic queries on the embedded database", () => {
  let analyst: Client;
  let extensions: string[];

  beforeAll(async () => {
    const dataDir = await copy(demo(), "corpus");
    extensions = await prepare(dataDir, false, `DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${corpusSchema}`);
    analyst = await open(dataDir);
  }, 60_000);
  afterAll(() => analyst?.close());

  it.each(loadCorpus().filter(({ min }) => min <= VERSION))("$name", async ({ name, sql, params, needs }) => {
    if (needs && !extensions.includes(needs)) return;
    const result = await analyst.callTool("query", { sql, params });
    // The session is a superuser's, for whom what users made might do anything.
    const ofUsers = [
      "a function of a row",
      "a function of one's own",
      "an aggregate of one's own",
      "an operator of one's own",
    ];
    if (ofUsers.includes(name)) return expect(textOf(result)).toContain("was made by a user, and this role may reach");
    expect(result.isError ? textOf(result) : "taken").toBe("taken");
  });
});
