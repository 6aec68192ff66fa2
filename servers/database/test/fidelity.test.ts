import { execFileSync, spawnSync } from "node:child_process";
import { connect, describePostgres, startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { PageOutput } from "../src/format/page-output.js";
import definition from "../src/index.js";
import { type Watcher, watch } from "./watcher.js";

/** Expressions of every built-in type, with the values that drivers get wrong. */
const values = [
  "true",
  "NULL::boolean",
  "'c'::\"char\"",
  "'name'::name",
  "32767::smallint",
  "(-2147483648)::integer",
  "9223372036854775807::bigint",
  "4294967295::oid",
  "'NaN'::real",
  "'-Infinity'::real",
  "1.17549435e-38::real",
  "0.1::real + 0.2::real",
  "'NaN'::float8",
  "'Infinity'::float8",
  "0.1::float8 + 0.2::float8",
  "5e-324::float8",
  "1.7976931348623157e308::float8",
  "'-0'::float8",
  "'NaN'::numeric",
  "12345678901234567890123456789.000000000000000001::numeric",
  "(repeat('9', 500) || '.' || repeat('9', 500))::numeric(1000,500)",
  "'$1,234.56'::money",
  "'text \t \\ \" '' é 🙂'::text",
  "''::text",
  "'padded'::char(10)",
  "'v'::varchar(3)",
  "E'\\\\x00ff\\\\n'::text",
  "'\\x00ff5c0a'::bytea",
  "''::bytea",
  "'0001-01-01 BC'::date",
  "'infinity'::date",
  "'5874897-12-31'::date",
  "'24:00:00'::time",
  "'23:59:59.999999'::time(6)",
  "'23:59:59.999999+15:59'::timetz",
  "'294276-12-31 23:59:59.999999'::timestamp",
  "'4713-01-01 00:00:00 BC'::timestamp",
  "'-infinity'::timestamp",
  "'2026-03-29 02:30:00+00'::timestamptz",
  "'infinity'::timestamptz",
  "'1 year -2 mons +3 days -04:05:06.789'::interval",
  "'-178000000 years'::interval",
  "'P1Y2M3DT4H5M6S'::interval",
  '\'{"a": 12345678901234567890, "a": 2}\'::json',
  "'{\"big\": 12345678901234567890.10}'::jsonb",
  "'null'::jsonb",
  "'$.a[*] ? (@ > 1)'::jsonpath",
  "'<a b=\"c\">d</a>'::xml",
  "'00000000-0000-0000-0000-000000000000'::uuid",
  "'10.0.0.1/8'::inet",
  "'2001:db8::/32'::cidr",
  "'08:00:2b:01:02:03'::macaddr",
  "'08:00:2b:01:02:03:04:05'::macaddr8",
  "B'1010'::bit(4)",
  "B'101'::varbit",
  "'(1.5,-2)'::point",
  "'{1,2,3}'::line",
  "'[(0,0),(1,1)]'::lseg",
  "'((0,0),(1,1))'::box",
  "'((0,0),(1,1),(2,0))'::path",
  "'((0,0),(1,1),(2,0))'::polygon",
  "'<(0,0),5>'::circle",
  "'a fat cat'::tsvector",
  "'fat & (rat | cat)'::tsquery",
  "'[1,10)'::int4range",
  "'(,5]'::int8range",
  "'empty'::numrange",
  "'[2026-01-01,)'::daterange",
  "'[2026-01-01 00:00,2026-01-02 00:00)'::tsrange",
  "'[2026-01-01 00:00+00,infinity]'::tstzrange",
  "'{[1,3),[5,7)}'::int4multirange",
  "'0/16B3748'::pg_lsn",
  "'10:20:10,14,15'::pg_snapshot",
  "'(0,1)'::tid",
  "'123'::xid",
  "'123'::xid8",
  "'7'::cid",
  "'pg_class'::regclass",
  "'int4'::regtype",
  "'pg_catalog'::regnamespace",
  "'now()'::regprocedure",
  "'english'::regconfig",
  "'simple'::regdictionary",
  "'+(int4,int4)'::regoperator",
  "ARRAY[1,NULL,3]",
  "ARRAY[['a','b'],['c,\"d','NULL']]",
  "'[0:1]={1,2}'::int[]",
  "'{}'::text[]",
  "ARRAY['2026-01-01'::date]",
  "'(\"x, y\",7)'::pair",
  "'blue'::colour",
  "5::small",
  "ARRAY['(a,1)'::pair]",
  "'[1,5)'::small_range",
  "'1 2'::int2vector",
  "'1 2'::oidvector",
];

const psql = spawnSync("psql", ["--version"]).status === 0;

describePostgres("values", (version) => {
  let postgres: TestPostgres;
  let watcher: Watcher;
  let client: Awaited<ReturnType<typeof connect>>;

  beforeAll(async () => {
    postgres = await startPostgres({ version });
    watcher = await watch(postgres.url);
    await watcher.query(`
      CREATE TYPE pair AS (a text, b int);
      CREATE TYPE colour AS ENUM ('red', 'blue');
      CREATE DOMAIN small AS int CHECK (VALUE < 10);
      CREATE TYPE small_range AS RANGE (SUBTYPE = int4);
      CREATE TABLE every_type AS SELECT ${values.map((value, index) => `${value} AS c${index}`).join(", ")}`);
  });
  afterAll(async () => {
    await watcher.close();
    await postgres.stop("immediate");
  });
  beforeEach(async () => {
    client = await connect(definition, { env: { DATABASE_URL: postgres.url }, argv: ["--max-output", "4m"] });
  });

  const rowOf = async (sql: string) => {
    const result = await client.callTool("query", { sql });
    const { rows } = result.structuredContent as unknown as PageOutput;
    return rows[0];
  };

  it("are what PostgreSQL's own output functions write, for every built-in type", async () => {
    // format's %s calls the output function, as psql's printing does.
    const [oracle = {}] = await watcher.query(
      `SELECT ${values.map((_, index) => `CASE WHEN c${index} IS NULL THEN NULL ELSE format('%s', c${index}) END AS c${index}`).join(", ")} FROM every_type`,
    );
    // A record with a NULL inside is not NULL, whatever IS NULL says of a record of NULLs.
    expect(await rowOf("SELECT * FROM every_type")).toEqual(Object.values(oracle));
  });

  it.runIf(psql || process.env.CI)("are what psql prints", async () => {
    const printed = execFileSync(
      "psql",
      [postgres.url, "-X", "-A", "-t", "-F", "\x01", "-P", "null=\x02", "-c", "SELECT * FROM every_type"],
      {
        encoding: "utf8",
        env: { ...process.env, PGCLIENTENCODING: "UTF8" },
      },
    );
    const cells = printed
      .replace(/\n$/, "")
      .split("\x01")
      .map((cell) => (cell === "\x02" ? null : cell));
    expect(await rowOf("SELECT * FROM every_type")).toEqual(cells);
  });

  it("cover every base type there is", async () => {
    const missing = await watcher.query(`
      SELECT t.typname FROM pg_type t
      WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'r', 'm') AND t.typcategory <> 'A' AND t.typelem = 0
        AND t.oid NOT IN (SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = 'every_type'::regclass)
        AND t.typname NOT IN ('pg_node_tree', 'pg_ndistinct', 'pg_dependencies', 'pg_mcv_list', 'pg_brin_bloom_summary',
          'pg_brin_minmax_multi_summary', 'pg_ddl_command', 'gtsvector', 'refcursor', 'aclitem', 'txid_snapshot',
          'regproc', 'regoper', 'regrole', 'regcollation', 'regdatabase', 'nummultirange', 'tsmultirange', 'tstzmultirange',
          'datemultirange', 'int8multirange')`);
    expect(missing).toEqual([]);
  });

  it("do not depend on the session's settings of the role or of the database", async () => {
    const before = await rowOf("SELECT * FROM every_type");
    await watcher.query(`
      ALTER ROLE postgres SET client_encoding = 'LATIN1'; ALTER ROLE postgres SET datestyle = 'German'; ALTER ROLE postgres SET intervalstyle = 'sql_standard';
      ALTER ROLE postgres SET extra_float_digits = 0; ALTER ROLE postgres SET bytea_output = 'escape'; ALTER ROLE postgres SET standard_conforming_strings = off`);
    client = await connect(definition, { env: { DATABASE_URL: postgres.url }, argv: ["--max-output", "4m"] });
    expect(await rowOf("SELECT * FROM every_type")).toEqual(before);
    expect(await rowOf("SELECT 'é🙂', 'a\\b'")).toEqual(["é🙂", "a\\b"]);
    await watcher.query("ALTER ROLE postgres RESET ALL");
  });

  it("of records that have no type of their own are what PostgreSQL writes", async () => {
    expect(await rowOf("SELECT ROW(1, 'a,b', NULL, ARRAY[1, 2])")).toEqual(['(1,"a,b",,"{1,2}")']);
  });

  it("come in the time zone of the server, unshifted", async () => {
    await watcher.query("ALTER ROLE postgres SET timezone = 'America/New_York'");
    client = await connect(definition, { env: { DATABASE_URL: postgres.url } });
    expect(await rowOf("SELECT '2026-07-01 12:00:00+00'::timestamptz, '2026-07-01 12:00:00'::timestamp")).toEqual([
      "2026-07-01 08:00:00-04",
      "2026-07-01 12:00:00",
    ]);
    await watcher.query("ALTER ROLE postgres RESET ALL");
  });
});
