import { describePostgres, startPostgres, type TestPostgres } from "@mcp-reference/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGate } from "../src/sql/gate.js";
import { parseMask } from "../src/sql/masks.js";
import { attackMasks, attackRoles, setupSql } from "./attacks/load.js";
import { readerOf } from "./gate-reader.js";

describePostgres("the gate", (version) => {
  let server: TestPostgres;
  let client: pg.Client;
  let admin: pg.Client;

  beforeAll(async () => {
    server = await startPostgres({ version });
    admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query("CREATE TABLE plain (id int, name text)");
    await admin.query("CREATE DATABASE attacks");
    await admin.end();
    const setup = new pg.Client({ connectionString: server.urlFor("attacks") });
    await setup.connect();
    await setup.query(setupSql);
    await setup.end();
    admin = new pg.Client({ connectionString: server.urlFor("attacks") });
    await admin.connect();
    client = new pg.Client({ connectionString: server.urlFor("attacks", attackRoles.reader) });
    await client.connect();
  });

  afterAll(async () => {
    await Promise.all([client.end(), admin.end()]);
    await server.stop();
  });

  const open = createGate({ allowFunctions: [], masks: [] });
  const masking = createGate({ allowFunctions: [], masks: attackMasks.map(parseMask) });

  test.each([
    ["SELECT 1", 0],
    ["SELECT 'a', NULL, true, 1.5, ARRAY[1, 2], ROW(1, 2)", 0],
    ["SELECT CASE WHEN true THEN 1 END, coalesce(NULL, 2), current_date, '1 day'::interval", 0],
    ["SHOW work_mem", 0],
    ["EXPLAIN SELECT 1", 0],
    ["SELECT id, lower(name) FROM plain WHERE id = 1", 1],
    ["SELECT count(*), random() FROM public.plain", 1],
    ["SELECT * FROM pg_catalog.pg_stat_activity", 1],
  ])("asks the catalog for %s %d times", async (sql, times) => {
    const connection = new pg.Client({ connectionString: server.url });
    await connection.connect();
    const reader = readerOf(connection);
    await open.check(sql, reader);
    expect(reader.count).toBe(times);
    await connection.end();
  });

  test("of a statement that names ordinary things, compiles nothing: the detailed lookup is cheap to PostgreSQL's eyes", async () => {
    const plans: number[] = [];
    const reader = readerOf(admin);
    await open.check("SELECT * FROM shop.user_view_again", {
      async rows<T extends object>(sql: string, params: readonly unknown[] = []) {
        const literal = sql.replace(/\$(\d+)(?=::)/g, (_, index) => asLiteral(params[Number(index) - 1]));
        const { rows } = await admin.query(`EXPLAIN (FORMAT JSON) ${literal}`);
        plans.push(rows[0]["QUERY PLAN"][0].Plan["Total Cost"]);
        return reader.rows<T>(sql, params);
      },
    });
    const { rows } = await admin.query(
      "SELECT boot_val::float AS limit FROM pg_settings WHERE name = 'jit_above_cost'",
    );
    expect(plans.length).toBe(2);
    expect(Math.max(...plans)).toBeLessThan(rows[0].limit / 2);
  });

  test("lets functions through that are allowed by name, and no others", async () => {
    const gate = createGate({ allowFunctions: ["shop.volatile_function", "pg_catalog.pg_ls_dir"], masks: [] });
    await gate.check("SELECT volatile_function()", readerOf(client));
    await gate.check("SELECT shop.volatile_function(), pg_ls_dir('.')", readerOf(client));
    for (const sql of ["SELECT volatile_function(), stable_liar(), mood(1)", "SELECT pg_ls_dir(pg_read_file('x'))"]) {
      await expect(gate.check(sql, readerOf(client))).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    }
  });

  test("believes labels only of roles that cannot reach the server", async () => {
    await open.check("SELECT stable_liar(), immutable_liar(1)", readerOf(client));
    await expect(open.check("SELECT stable_liar()", readerOf(admin))).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
    await admin.query("CREATE ROLE operator_of_server LOGIN IN ROLE attack_reader, pg_read_server_files");
    const connection = new pg.Client({ connectionString: server.urlFor("attacks", "operator_of_server") });
    await connection.connect();
    await expect(open.check("SELECT immutable_liar(1)", readerOf(connection))).rejects.toThrow(/immutable_liar/);
    await connection.end();
  });

  test("an overload is judged by its arguments, and a qualified name by its schema", async () => {
    const shadowed = new pg.Client({ connectionString: server.urlFor("attacks", attackRoles.shadowed) });
    await shadowed.connect();
    await open.check("SELECT pg_catalog.lower(name) FROM shop.users", readerOf(shadowed));
    await open.check("SELECT id OPERATOR(pg_catalog.=) 1 FROM shop.users", readerOf(shadowed));
    await expect(open.check("SELECT lower(name) FROM shop.users", readerOf(shadowed))).rejects.toThrow(/shadow\.lower/);
    await shadowed.end();
  });

  test("a server of the same kind may be read through postgres_fdw, but not past masks", async () => {
    await admin.query(`CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw;
      CREATE FOREIGN TABLE public.far (id int) SERVER elsewhere; CREATE VIEW public.far_view AS SELECT * FROM public.far`);
    for (const sql of ["SELECT * FROM public.far", "SELECT * FROM public.far_view"]) {
      await open.check(sql, readerOf(admin));
      await expect(masking.check(sql, readerOf(admin))).rejects.toThrow(/masks do not reach/);
    }
  });

  test("refuses names that are not ASCII where the server folds them otherwise", async () => {
    await admin.query("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    const latin = new pg.Client({ connectionString: server.urlFor("latin") });
    await latin.connect();
    await open.check("SELECT count(*) FROM pg_class WHERE relname = 'é'", readerOf(latin));
    const refused = open.check('SELECT "é" FROM pg_class', readerOf(latin));
    await expect(refused).rejects.toMatchObject({ code: "UNSUPPORTED" });
    await latin.end();
  });

  test.each([
    ["SELECT email, card FROM shop.users", ["****", "****0001"]],
    ["SELECT id, u.email AS name FROM shop.users u ORDER BY id", ["1", "****"]],
    ["SELECT * FROM shop.users WHERE id = 1", ["1", "user 1", "****", "****0001", "0", "1990-01-02"]],
    ["TABLE shop.users", ["1", "user 1", "****", "****0001", "0", "1990-01-02"]],
    [
      "SELECT u.*, o.id FROM shop.users u JOIN shop.orders o ON o.user_id = u.id ORDER BY u.id, o.id",
      ["1", "user 1", "****", "****0001", "0", "1990-01-02", "5"],
    ],
    [
      "SELECT o.email FROM shop.orders o JOIN shop.users u ON u.id = o.user_id WHERE o.email LIKE 'contact1@%'",
      ["contact1@example.com"],
    ],
    ["SELECT card FROM shop.users u WHERE EXISTS (SELECT * FROM shop.users v WHERE v.id = u.id + 4)", ["****0001"]],
    ["SELECT count(*) FROM (SELECT id, name FROM shop.users WHERE id > 1) s", ["4"]],
    [
      "WITH u AS (SELECT id FROM shop.users) SELECT p.secret FROM u JOIN shop.people p USING (id) ORDER BY p.id",
      ["****"],
    ],
    ["SELECT secret, tableoid::regclass::text FROM shop.people_eu", ["****", "people_eu"]],
    ["SELECT * FROM shop.staff", ["1", "****"]],
    ["SELECT level, phone FROM shop.managers", ["3", "****"]],
    ["SELECT * FROM shop.ruled_view ORDER BY id", ["1", "****"]],
    ["SELECT email FROM shop.orders ORDER BY id", ["contact1@example.com"]],
  ])("masks what comes out of %s", async (sql, first) => {
    const { masked } = await masking.check(sql, readerOf(client));
    const { rows, fields } = await client.query({
      text: sql,
      rowMode: "array" as const,
      types: { getTypeParser: () => String },
    });
    const { applyMasks } = await import("../src/engine/masking.js");
    expect(applyMasks(masked, fields)(rows[0] ?? [])).toEqual(first);
    expect(JSON.stringify(rows.map(applyMasks(masked, fields)))).not.toMatch(/user\d@|4000 0000/);
  });

  test.each([
    [
      "INSERT INTO shop.effects VALUES ('x'), (gen_random_uuid()::text)",
      { kind: "insert", target: "shop.effects", returning: false },
    ],
    ["UPDATE users u SET name = 'x' WHERE id = 1 RETURNING *;", { kind: "update", target: "users", returning: true }],
    [
      "WITH old AS (SELECT 1 AS id) DELETE FROM shop.orders o USING old WHERE o.id = old.id",
      { kind: "delete", target: "shop.orders" },
    ],
    [
      "MERGE INTO shop.effects e USING shop.users u ON e.what = u.name WHEN NOT MATCHED THEN INSERT VALUES (u.name)",
      { kind: "merge", target: "shop.effects" },
    ],
    [
      "INSERT INTO shop.users (id, name) VALUES (nextval('shop.counter'), 'x') ON CONFLICT (id) DO UPDATE SET name = excluded.name",
      { kind: "insert" },
    ],
    [
      "CREATE TABLE shop.t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, u int REFERENCES shop.users ON DELETE CASCADE, at timestamptz DEFAULT now(), CHECK (u > 0))",
      { kind: "ddl", target: "shop.t" },
    ],
    ["CREATE TABLE shop.t AS SELECT id FROM shop.users", { kind: "ddl", target: "shop.t" }],
    [
      "ALTER TABLE shop.orders ADD COLUMN x int DEFAULT 1 NOT NULL, DROP COLUMN total",
      { kind: "ddl", target: "shop.orders" },
    ],
    [
      "CREATE UNIQUE INDEX i ON shop.orders (lower(email) DESC, total) WHERE total > 0",
      { kind: "ddl", target: "shop.orders" },
    ],
    ["CREATE OR REPLACE VIEW shop.v AS SELECT 1 AS x", { kind: "ddl", target: "shop.v" }],
    ["DROP TABLE shop.orders CASCADE", { kind: "ddl", target: "shop.orders" }],
    ["TRUNCATE shop.orders", { kind: "ddl" }],
    ["GRANT SELECT ON shop.orders TO attack_reader", { kind: "ddl" }],
    ["COMMENT ON COLUMN shop.orders.total IS 'gross'", { kind: "ddl" }],
    ["CREATE TYPE shop.size AS ENUM ('s', 'm')", { kind: "ddl" }],
    ["ALTER TABLE shop.orders RENAME COLUMN total TO gross", { kind: "ddl", target: "shop.orders" }],
    ["CREATE POLICY p ON shop.orders USING (user_id = 1)", { kind: "ddl" }],
    [
      "CREATE TRIGGER t BEFORE UPDATE ON shop.orders FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
      { kind: "ddl" },
    ],
    ["ANALYZE shop.orders", { kind: "ddl" }],
  ])("a change may run: %s", async (sql, expected) => {
    const statement = await open.checkWrite(sql, readerOf(client));
    expect(statement).toMatchObject(expected);
    await admin.query("BEGIN");
    await admin.query(statement.text).finally(() => admin.query("ROLLBACK"));
  });

  test.each([
    ["SELECT 1", "UNSUPPORTED"],
    ["EXPLAIN ANALYZE DELETE FROM shop.orders", "UNSUPPORTED"],
    ["COMMIT", "PERMISSION_DENIED"],
    ["SET ROLE postgres", "PERMISSION_DENIED"],
    ["RESET ALL", "PERMISSION_DENIED"],
    ["ALTER SYSTEM SET work_mem = '1GB'", "PERMISSION_DENIED"],
    ["COPY shop.users FROM PROGRAM 'id'", "PERMISSION_DENIED"],
    ["VACUUM", "UNSUPPORTED"],
    ["CREATE INDEX CONCURRENTLY ON shop.orders (total)", "UNSUPPORTED"],
    ["DROP INDEX CONCURRENTLY shop.i", "UNSUPPORTED"],
    ["REINDEX TABLE CONCURRENTLY shop.orders", "UNSUPPORTED"],
    ["REINDEX DATABASE attacks", "UNSUPPORTED"],
    ["ALTER TABLE shop.people DETACH PARTITION shop.people_eu CONCURRENTLY", "UNSUPPORTED"],
    ["CREATE DATABASE x", "UNSUPPORTED"],
    ["DO $$ BEGIN END $$", "PERMISSION_DENIED"],
    ["CALL shop.a_procedure()", "PERMISSION_DENIED"],
    ["LOAD 'x'", "PERMISSION_DENIED"],
    ["CREATE EXTENSION dblink", "PERMISSION_DENIED"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS 'return 1'", "PERMISSION_DENIED"],
    ["ALTER ROLE attack_reader SUPERUSER", "PERMISSION_DENIED"],
    ["GRANT pg_execute_server_program TO attack_reader", "PERMISSION_DENIED"],
    ["GRANT EXECUTE ON FUNCTION pg_read_file(text) TO PUBLIC", "PERMISSION_DENIED"],
    ["WITH x AS (DELETE FROM shop.users RETURNING 1) INSERT INTO shop.effects SELECT 'x' FROM x", "PERMISSION_DENIED"],
    ["CREATE TABLE shop.t AS WITH x AS (DELETE FROM shop.users RETURNING 1) SELECT * FROM x", "PERMISSION_DENIED"],
    ["INSERT INTO shop.effects SELECT pg_read_file('/etc/passwd')", "PERMISSION_DENIED"],
    ["INSERT INTO shop.effects SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity", "PERMISSION_DENIED"],
    ["INSERT INTO shop.effects SELECT dblink_exec('', 'x')", "PERMISSION_DENIED"],
    ["CREATE TABLE shop.t (a text DEFAULT pg_read_file('x'))", "PERMISSION_DENIED"],
    ["ALTER TABLE shop.effects ALTER what TYPE text USING pg_read_file(what)", "PERMISSION_DENIED"],
    ["UPDATE pg_authid SET rolsuper = true", "PERMISSION_DENIED"],
    ["DELETE FROM shop.orders; COMMIT", "INVALID_ARGUMENT"],
    ["CREATE RULE r AS ON INSERT TO shop.effects DO ALSO DELETE FROM shop.users", "PERMISSION_DENIED"],
  ])("a change may not run: %s", async (sql, code) => {
    await expect(open.checkWrite(sql, readerOf(client))).rejects.toMatchObject({ code });
  });

  test.each([
    "UPDATE shop.users SET name = email",
    "UPDATE shop.users SET name = 'x' WHERE email LIKE 'u%'",
    "DELETE FROM shop.users WHERE card = '4'",
    "INSERT INTO shop.effects SELECT email FROM shop.users",
    "INSERT INTO shop.effects SELECT row_to_json(u)::text FROM shop.users u",
    "UPDATE shop.users SET id = id RETURNING lower(email)",
    "UPDATE shop.users u SET id = id RETURNING u",
    "UPDATE shop.users SET id = id RETURNING WITH (OLD AS o) o.email",
    "UPDATE shop.users SET id = id RETURNING old.email || ''",
    "UPDATE shop.effects SET what = u.email FROM shop.users u",
    "MERGE INTO shop.effects e USING shop.users u ON true WHEN NOT MATCHED THEN INSERT VALUES (u.email)",
    "ALTER TABLE shop.users RENAME COLUMN email TO mail",
    "ALTER TABLE shop.users RENAME TO people2",
    "ALTER SCHEMA shop RENAME TO shop2",
    "ALTER TABLE shop.users SET SCHEMA public",
    "ALTER TABLE shop.users ALTER email TYPE int USING 1",
    "CREATE UNIQUE INDEX ON shop.users (email)",
    "CREATE VIEW shop.v AS SELECT email AS e FROM shop.users",
    "CREATE TABLE shop.t AS SELECT * FROM shop.users",
    "CREATE TABLE shop.t PARTITION OF shop.people FOR VALUES IN ('x')",
    "CREATE TABLE shop.t () INHERITS (shop.managers)",
    "ALTER TABLE shop.staff ADD UNIQUE (phone)",
  ])("a change may not show what is masked: %s", async (sql) => {
    await expect(masking.checkWrite(sql, readerOf(client))).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  });

  test("what a change returns is masked", async () => {
    const sql = "UPDATE shop.users SET name = 'x', email = 'y' WHERE id = 1 RETURNING id, email, users.*";
    const { masked } = await masking.checkWrite(sql, readerOf(client));
    expect(masked.map(({ column }) => column).sort()).toEqual([3, 4]);
  });
});

test("settings that hold a password are not shown, to those who may see them", async () => {
  await using server = await startPostgres({ settings: { primary_conninfo: "host=nowhere password=hush" } });
  const connect = async (user: string) => {
    const client = new pg.Client({ connectionString: server.urlFor("postgres", user) });
    await client.connect();
    return client;
  };
  const [gate, admin] = [createGate({ allowFunctions: [], masks: [] }), await connect("postgres")];
  await admin.query("CREATE ROLE anybody LOGIN; CREATE VIEW all_settings AS SELECT * FROM pg_settings");
  const anybody = await connect("anybody");
  const asking = ["SELECT * FROM pg_settings", "SHOW ALL", "SELECT pg_show_all_settings()", "TABLE all_settings"];
  for (const sql of asking) {
    await expect(gate.check(sql, readerOf(admin))).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    await gate.check(sql, readerOf(anybody));
  }
  await Promise.all([admin.end(), anybody.end()]);
});

function asLiteral(value: unknown): string {
  return Array.isArray(value) ? `ARRAY[${value.map((item) => pg.escapeLiteral(item)).join()}]` : String(value);
}
