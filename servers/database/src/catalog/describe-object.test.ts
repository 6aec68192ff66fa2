import { describePostgres, startPostgres } from "@mcp-reference/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { awkwardDatabase, lockTable, run, STRANGER } from "../../test/catalog-database.js";
import { readSession } from "../../test/reader.js";
import { describeObject } from "./describe-object.js";
import { objectGroups } from "./objects.js";
import { searchObjects } from "./search-objects.js";

type Rows = Record<string, unknown>[];

describePostgres("describing an object", (version) => {
  let url: string;
  let reader: Awaited<ReturnType<typeof readSession>>;
  beforeAll(async () => {
    url = await awkwardDatabase(await startPostgres({ version }));
    reader = await readSession(url);
  });
  afterAll(() => reader?.close());

  const rows = async (sql: string): Promise<Rows> =>
    ((await run(url, `SET search_path = pg_catalog; ${sql}`)) as never as { rows: Rows }[])[1]?.rows ?? [];
  const listed = async (group: "table" | "view" | "function" | "index" | "type" | "sequence") =>
    (await searchObjects(reader, { groups: [group], limit: 5000 })).objects
      .map(({ name }) => name)
      .filter((name) => !name.startsWith("many."));
  const described = async (name: string) => (await describeObject(reader, name)) as Record<string, Rows & string>;

  it("has the columns of the information schema", async () => {
    const tables = [...(await listed("table")), "app.grown_ups"];
    expect(tables.length).toBeGreaterThan(12);
    for (const table of tables) {
      const columns = (await described(table)).columns ?? [];
      const expected = await rows(`
        SELECT column_name::text AS name, is_nullable = 'NO' AS "notNull", column_default AS default,
          lower(identity_generation) AS identity, generation_expression AS expression
        FROM information_schema.columns
        WHERE format('%I.%I', table_schema, table_name)::regclass = '${table.replaceAll("'", "''")}'::regclass
        ORDER BY ordinal_position`);
      expect(
        columns.map(({ name, notNull = false, default: value = null, identity = null, generated = null }) => ({
          name,
          notNull,
          default: value,
          identity,
          expression: generated && String(generated).replace(/ (stored|virtual)$/, ""),
        })),
        table,
      ).toEqual(expected);
    }
  });

  it("has the types as they were declared, arrays, domains and composites too", async () => {
    const types = ((await described("public.users")).columns ?? []).map(({ type, values }) => [type, values]);
    expect(types).toEqual([
      ["bigint", undefined],
      ["public.citext", undefined],
      ["text", undefined],
      ["app.mood[]", "sad | ok | very happy"],
      ["app.address", undefined],
      ["integer", undefined],
      ["bigint", undefined],
    ]);
    expect((await described('"Order.Lines"')).columns?.[2]).toEqual({
      name: "größe",
      type: "app.positive",
      notNull: true,
    });
  });

  it("has every constraint that the information schema knows", async () => {
    for (const table of await listed("table")) {
      const found = ((await described(table)).constraints ?? []).map(({ name, definition }) => [
        name,
        String(definition).replace(/ (KEY )?.*$/s, ""),
      ]);
      const expected = await rows(`
        SELECT constraint_name AS name, split_part(constraint_type, ' ', 1) AS kind FROM information_schema.table_constraints
        WHERE format('%I.%I', table_schema, table_name)::regclass = '${table.replaceAll("'", "''")}'::regclass
          AND constraint_name !~ '_not_null$'`);
      const standard = found.filter(([, kind]) => kind !== "EXCLUDE");
      expect(standard.sort(), table).toEqual(expected.map(({ name, kind }) => [name, kind]).sort());
    }
    expect((await described('"Order.Lines"')).constraints).toContainEqual({
      name: "Order.Lines_during_excl",
      definition: "EXCLUDE USING gist (during WITH &&)",
    });
  });

  it("shows foreign keys both ways", async () => {
    expect((await described('"Order.Lines"')).referencedBy).toEqual([
      {
        from: '"Mixed Case"."a""b"',
        name: "both keys",
        definition: expect.stringContaining(
          '(o, l) REFERENCES "Mixed Case"."Order.Lines"("Order Id", line) ON UPDATE CASCADE',
        ),
      },
    ]);
    const { constraints, referencedBy } = await described("public.users");
    expect(referencedBy?.map(({ from }) => from)).toEqual(["app.events", "public.users"]);
    expect(constraints).toContainEqual({
      name: "users_manager_fkey",
      definition: "FOREIGN KEY (manager) REFERENCES public.users(id) ON DELETE SET NULL",
    });
  });

  it("has the indexes of pg_indexes, and whether they are of use", async () => {
    const all: Rows = [];
    for (const table of await listed("table")) all.push(...((await described(table)).indexes ?? []));
    const expected = await rows(`
      SELECT i.indexrelid::regclass::text AS name, regexp_replace(pg_get_indexdef(i.indexrelid), '^.*? USING ', '') AS definition
      FROM pg_index i WHERE i.indrelid > 16000 AND i.indexrelid::regclass::text !~ 'pg_toast'`);
    const pairs = (list: Rows) => list.map(({ name, definition }) => `${name} ${definition}`).sort();
    expect(pairs(all)).toEqual(pairs(expected));

    await run(url, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.users_lower_name'::regclass");
    const indexes = (await described("public.users")).indexes ?? [];
    expect(indexes.filter(({ invalid }) => invalid).map(({ name }) => name)).toEqual(["public.users_lower_name"]);
    await run(url, "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'public.users_lower_name'::regclass");
  });

  it("shows partitions with their bounds, up and down", async () => {
    const [top, middle, leaf] = [
      await described("app.events"),
      await described("app.events_2025"),
      await described("app.events_2025_eu"),
    ];
    expect(top).toMatchObject({
      kind: "partitioned table",
      partitionKey: "RANGE (at)",
      partitions: [{ name: "app.events_2025" }, { name: "app.events_rest", bounds: "DEFAULT" }],
    });
    expect(middle).toMatchObject({ partitionKey: "LIST (region)", partitionOf: ["app.events"] });
    expect(leaf).toMatchObject({ partitionOf: ["app.events_2025"], bounds: "FOR VALUES IN ('eu', 'uk')" });
    expect(leaf).not.toHaveProperty("partitions");
  });

  it("shows inheritance", async () => {
    expect(await described("app.car")).toMatchObject({ inherits: ["app.vehicle"] });
    expect(await described("app.vehicle")).toMatchObject({ inheritedBy: ["app.car"] });
  });

  it("shows row security, and when policies do nothing", async () => {
    expect(await described("app.secrets")).toMatchObject({
      rowSecurity: "enabled, forced on the owner too",
      policies: [{ name: "own_rows", command: "select", restrictive: true, roles: "public" }],
    });
    await run(url, "ALTER TABLE app.secrets DISABLE ROW LEVEL SECURITY");
    expect((await described("app.secrets")).rowSecurity).toMatch(/disabled/);
    await run(url, "ALTER TABLE app.secrets ENABLE ROW LEVEL SECURITY");
  });

  it("adds sizes and rows up over partitions", async () => {
    await run(
      url,
      "INSERT INTO app.events SELECT '2025-06-01Z', 'eu' FROM generate_series(1, 1000); ANALYZE app.events",
    );
    const [{ total } = {}] = await rows(
      "SELECT sum(pg_total_relation_size(relid))::float8 AS total FROM pg_partition_tree('app.events') WHERE isleaf",
    );
    const { bytes, rows: count } = (await describeObject(reader, "app.events")) as unknown as {
      bytes: Record<string, number>;
      rows: number;
    };
    expect(bytes.total).toBe(total);
    expect((bytes.table ?? 0) + (bytes.indexes ?? 0) + (bytes.toast ?? 0)).toBe(total);
    expect(count).toBe(1000);
  });

  it("shows the definition of a view, and that a materialized one is empty", async () => {
    const [{ definition } = {}] = await rows("SELECT pg_get_viewdef('app.grown_ups'::regclass, true) AS definition");
    expect(await described("app.grown_ups")).toMatchObject({ kind: "view", definition, comment: "Those with a name" });
    expect(await described("app.counted")).toMatchObject({ kind: "materialized view", unpopulated: true });
  });

  it("shows what a function is, and its source", async () => {
    expect(await described("app.total(text)")).toMatchObject({
      arguments: "words text",
      returns: "SETOF public.users",
      language: "sql",
      volatility: "stable",
      securityDefiner: true,
      settings: "work_mem=1MB",
      source: "SELECT * FROM public.users WHERE name = words",
    });
    await run(url, "CREATE FUNCTION app.standard(a int) RETURNS int RETURN a + 1");
    expect((await described("app.standard")).source).toMatch(/RETURN \(a \+ 1\)/);
    await run(url, `CREATE FUNCTION app.long() RETURNS text LANGUAGE sql AS $$ SELECT '${"x".repeat(20_000)}' $$`);
    expect((await described("app.long")).source).toMatch(/^.{10000}… \(20\d+ characters\)$/s);
  });

  it("shows types, sequences, schemas and extensions", async () => {
    expect(await described("app.mood")).toMatchObject({
      kind: "enum",
      values: ["sad", "ok", "very happy"],
      usedBy: ["public.users.feels"],
    });
    expect(await described("app.positive")).toMatchObject({
      base: "numeric(10,2)",
      notNull: true,
      checks: [{ name: "above_zero" }],
    });
    expect(await described("app.address")).toMatchObject({ attributes: [{ name: "street" }, { name: "Zip Code" }] });
    expect(await described("app.span")).toMatchObject({ kind: "range type", subtype: "double precision" });
    expect(await described("app.tickets")).toMatchObject({ increment: 5, max: "500", cycle: true });
    expect(await described("public.users_id_seq")).toMatchObject({ ownedBy: "public.users.id" });
    expect(await described("app")).toMatchObject({
      comment: "The shop",
      relations: expect.arrayContaining([expect.objectContaining({ name: "events", kind: "partitioned table" })]),
    });
    const many = await described("many");
    expect([many.relations?.length, many.relationsTotal]).toEqual([100, 2000]);
  });

  it("describes a column and a trigger with their table", async () => {
    const table = await described("public.users");
    expect(await described("public.users.email")).toEqual(table);
    expect(await described("public.users.touch_users")).toEqual(table);
    expect(table.triggers).toEqual([
      {
        name: "touch_users",
        definition: "BEFORE UPDATE OF name ON public.users FOR EACH ROW EXECUTE FUNCTION app.touch()",
        disabled: true,
      },
    ]);
  });

  it.runIf(version >= 18)("shows generated columns that are not stored", async () => {
    await run(url, "CREATE TABLE app.virtually (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL)");
    expect((await described("app.virtually")).columns?.[1]).toMatchObject({ generated: "(a * 2) virtual" });
  });

  it("works for a role without privileges, and says what it may do", async () => {
    await run(url, `GRANT USAGE ON SCHEMA app TO ${STRANGER}; GRANT SELECT (owner) ON app.secrets TO ${STRANGER}`);
    const stranger = await readSession(url, STRANGER);
    try {
      for (const schema of ["public", "app", "Mixed Case"]) {
        const { objects } = await searchObjects(stranger, { schema, groups: objectGroups, limit: 500 });
        expect(objects.length).toBeGreaterThan(10);
        for (const { name } of objects) expect(await describeObject(stranger, name)).toHaveProperty("kind");
      }
      const privileges = async (name: string) => (await describeObject(stranger, name)).privileges;
      expect(await privileges("app.secrets")).toBe(`${STRANGER}: select of owner`);
      expect(await privileges("app.events")).toBe(`${STRANGER}: none`);
      expect(await privileges('"Order.Lines"')).toMatch(/none \(no usage of the schema/);
      expect(await describeObject(stranger, "app.tickets")).not.toHaveProperty("lastValue");
    } finally {
      await stranger.close();
    }
  });

  it("describes whatever the system has", async () => {
    const groups = ["table", "view"] as const;
    for (const schema of ["pg_catalog", "information_schema"]) {
      const { objects } = await searchObjects(reader, { schema, groups, limit: 500 });
      expect(objects.length).toBeGreaterThan(60);
      for (const { name } of objects) {
        expect(Object.keys(await describeObject(reader, name)).length, name).toBeGreaterThan(2);
      }
    }
  });

  it("waits no longer for a locked table than the session allows", async () => {
    const release = await lockTable(url, "app.vehicle");
    const other = await readSession(url);
    try {
      await expect(describeObject(other, "app.vehicle")).rejects.toMatchObject({ details: { sqlstate: "55P03" } });
    } finally {
      await Promise.all([other.close(), release()]);
    }
  });
});
