import { connect, describePostgres, startPostgres, type TestPostgres, textOf } from "@mcp-reference/testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import definition from "../src/index.js";
import { type Watcher, watch } from "./watcher.js";

const SECRET = "hunter2-sentinel";

const SETUP = `
  DROP SCHEMA public CASCADE; CREATE SCHEMA public;
  CREATE TABLE t (id int PRIMARY KEY, secret text, n int NOT NULL DEFAULT 0 CHECK (n < 1000), note text);
  INSERT INTO t SELECT g, '${SECRET} ' || (g - 1) / 2, g FROM generate_series(1, 10) g;
  CREATE TABLE parent (email text PRIMARY KEY);
  INSERT INTO parent VALUES ('${SECRET}@example.com');
  CREATE TABLE child (email text REFERENCES parent);
  INSERT INTO child VALUES ('${SECRET}@example.com');
  CREATE TABLE copy (a text, b text);
  CREATE TABLE part (id int, secret text) PARTITION BY RANGE (id);
  CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
  INSERT INTO part VALUES (1, '${SECRET}');
  ANALYZE;`;

const MASKS = ["public.t.secret", "public.parent.email", "public.child.email", "public.part.secret"];

/** Statements that would show what is masked: in a sample, in RETURNING, in an error or by what they change. */
const WRITES = [
  "UPDATE t SET n = n WHERE id = 1",
  "UPDATE t SET n = n WHERE id = 1 RETURNING *",
  "UPDATE t SET n = n WHERE id = 1 RETURNING secret",
  "UPDATE t SET n = n WHERE id = 1 RETURNING lower(secret)",
  "UPDATE t SET n = n WHERE id = 1 RETURNING t",
  "UPDATE t SET n = n WHERE id = 1 RETURNING (SELECT secret FROM t LIMIT 1)",
  "UPDATE t SET n = NULL WHERE id = 1",
  "UPDATE t SET n = 5000 WHERE id = 1",
  "UPDATE t SET note = secret WHERE id = 1",
  "UPDATE t SET id = id FROM (SELECT secret FROM t) s WHERE s.secret > 'a'",
  "UPDATE t SET n = secret::int WHERE id = 1",
  "UPDATE t SET (note, n) = (SELECT secret, 1 FROM t x WHERE x.id = t.id)",
  "DELETE FROM t WHERE id = 1",
  "DELETE FROM t WHERE secret LIKE 'h%'",
  "DELETE FROM t WHERE id = 1 RETURNING t.*",
  "DELETE FROM t USING t u WHERE u.secret = t.note",
  "DELETE FROM parent",
  "INSERT INTO copy SELECT secret, note FROM t",
  "INSERT INTO copy TABLE child",
  "INSERT INTO t (id, n) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET note = t.secret",
  "INSERT INTO t (id, n) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = t.n RETURNING *",
  "INSERT INTO t (id, n) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = 1 WHERE t.secret > 'a'",
  "MERGE INTO t USING parent p ON t.note = p.email WHEN MATCHED THEN DELETE",
  "MERGE INTO copy c USING t ON c.a = t.note WHEN NOT MATCHED THEN INSERT VALUES (t.secret, '')",
  "UPDATE part SET id = 50",
  "UPDATE part SET id = id RETURNING *",
  "UPDATE part_1 SET id = 50",
  "CREATE UNIQUE INDEX ON t (secret)",
  "CREATE INDEX ON t (id) WHERE secret::int > 0",
  "CREATE INDEX ON t ((secret::int))",
  "ALTER TABLE t ALTER COLUMN secret TYPE int USING secret::int",
  "ALTER TABLE t ALTER COLUMN secret TYPE int",
  "ALTER TABLE t ALTER COLUMN note TYPE text USING secret",
  "ALTER TABLE t ADD COLUMN shown text GENERATED ALWAYS AS (secret) STORED",
  "ALTER TABLE t ADD CHECK (secret::int > 0)",
  "ALTER TABLE t ADD UNIQUE (secret)",
  "ALTER TABLE t RENAME COLUMN secret TO shown",
  "ALTER TABLE t RENAME TO shown",
  "ALTER TABLE t ADD FOREIGN KEY (secret) REFERENCES parent",
  "CREATE VIEW shown AS SELECT secret AS s FROM t",
  "CREATE TABLE shown AS SELECT secret AS s FROM t",
  "CREATE TABLE shown (LIKE t INCLUDING ALL)",
  "CREATE TABLE shown () INHERITS (t)",
  "CREATE MATERIALIZED VIEW shown AS TABLE t",
  "CREATE TABLE shown PARTITION OF part FOR VALUES FROM (10) TO (20)",
  "ALTER TABLE part DETACH PARTITION part_1",
];

/** Every other way in which something is said about a table. */
const READS: [tool: string, args: Record<string, unknown>][] = [
  ["query", { sql: "SELECT * FROM t" }],
  ["query", { sql: "TABLE part_1", format: "json" }],
  ["query", { sql: "SELECT secret AS a, secret AS b FROM t", format: "csv" }],
  ["sample_table", { table: "t" }],
  ["sample_table", { table: "part_1", columns: ["secret"] }],
  ["describe_object", { object: "t" }],
  ["describe_object", { object: "part" }],
  ["search_objects", { pattern: "*" }],
  ["search_objects", { pattern: "*hunter2*" }],
  ["explain_query", { sql: "SELECT * FROM t", analyze: true }],
  ["explain_query", { sql: "SELECT * FROM t WHERE secret = 'x'" }],
  ["explain_query", { sql: "SELECT id FROM t WHERE n = 1", hypothetical_indexes: ["CREATE INDEX ON t (secret)"] }],
  ["advise_indexes", { queries: ["SELECT * FROM t WHERE secret > 'a'", "SELECT id FROM t WHERE n = 1"] }],
  ["check_health", {}],
  ["list_databases", {}],
];

describePostgres("masked columns where writing is allowed", (version) => {
  let postgres: TestPostgres;
  let watcher: Watcher;

  beforeAll(async () => {
    postgres = await startPostgres({ version });
    watcher = await watch(postgres.url);
  });
  beforeEach(async () => {
    await watcher.query(SETUP);
  });
  afterAll(async () => {
    await watcher.close();
    await postgres.stop("immediate");
  });

  const open = () =>
    connect(definition, {
      argv: ["--read-only=false", ...MASKS.flatMap((mask) => ["--mask", mask])],
      env: { DATABASE_URL: postgres.url },
    });

  it.each(WRITES)("are not shown by %s", async (sql) => {
    const client = await open();
    const asked = await client.callTool("execute", { sql });
    const confirmation = (asked._meta?.error as { details?: { confirmation?: string } } | undefined)?.details
      ?.confirmation;
    const said = [asked];
    if (confirmation) said.push(await client.callTool("execute", { sql, confirmation }));
    expect(JSON.stringify(said)).not.toContain(SECRET);
    // Nor afterwards, when the statement was taken: under another name, or in another column.
    for (const look of ["SELECT * FROM t", "TABLE copy", "TABLE shown", "TABLE part_1"]) {
      expect(JSON.stringify(await client.callTool("query", { sql: look })), look).not.toContain(SECRET);
    }
  });

  it.each(READS)("are not shown by %s %j", async (tool, args) => {
    const client = await open();
    const result = await client.callTool(tool, args);
    expect(textOf(result)).not.toBe("");
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  it("are not shown by resources, completions and exports", async () => {
    const client = await open();
    const said: unknown[] = [await client.listResources()];
    for (const { uri } of await client.listResources()) said.push(await client.readResource(uri));
    for (const uri of ["db://public/schema", "db://t/schema", "db://tables/t/schema"]) {
      said.push(await client.readResource(uri));
    }
    const exported = await client.callTool("export_query", { sql: "SELECT * FROM t" });
    const [link] = exported.content;
    if (link?.type !== "resource_link") throw new Error(textOf(exported));
    said.push(await client.readResource(link.uri));
    said.push(
      await client.complete({
        ref: { type: "ref/resource", uri: "db://tables/{table_name}/schema" },
        argument: { name: "table_name", value: "" },
      }),
    );
    expect(JSON.stringify(said)).not.toContain(SECRET);
    expect(JSON.stringify(said)).toContain("****");
  });
});
