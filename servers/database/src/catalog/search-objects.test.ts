import { describePostgres, startPostgres } from "@mcp-reference/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { awkwardDatabase, lockTable, run, STRANGER } from "../../test/catalog-database.js";
import { readSession } from "../../test/reader.js";
import { objectGroups } from "./objects.js";
import { type SearchRequest, searchObjects } from "./search-objects.js";

describePostgres("searching objects", (version) => {
  let url: string;
  let reader: Awaited<ReturnType<typeof readSession>>;
  beforeAll(async () => {
    url = await awkwardDatabase(await startPostgres({ version }));
    reader = await readSession(url);
  });
  afterAll(() => reader?.close());

  const names = async (request: Partial<SearchRequest>) =>
    (await searchObjects(reader, { limit: 100, ...request })).objects.map(({ name }) => name);

  async function allPages(request: Omit<SearchRequest, "after">) {
    const pages = [await searchObjects(reader, request)];
    for (let last = pages[0]; last?.more; last = pages.at(-1)) {
      pages.push(await searchObjects(reader, { ...request, after: last.objects.at(-1)?.position }));
    }
    return pages.flatMap(({ objects }) => objects);
  }

  it("gives every object once, on pages of every size", async () => {
    const whole = (await allPages({ limit: 5000, groups: objectGroups })).map(({ kind, name }) => `${kind} ${name}`);
    expect(new Set(whole).size).toBe(whole.length);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 300, max: 3000 }), async (limit) => {
        const paged = await allPages({ limit, groups: objectGroups });
        expect(paged.map(({ kind, name }) => `${kind} ${name}`)).toEqual(whole);
      }),
      { numRuns: 3 },
    );
  });

  it.each([
    ["table", "SELECT count(*) FROM pg_class WHERE relkind IN ('r','p','f') AND relnamespace > 16000"],
    ["view", "SELECT (SELECT count(*) FROM information_schema.views WHERE table_schema = 'app') + 1 AS count"],
    [
      "index",
      "SELECT count(*) FROM pg_class WHERE relkind IN ('i', 'I') AND relnamespace > 16000 AND relname NOT LIKE 'pg_toast%'",
    ],
    ["sequence", "SELECT count(*) FROM pg_sequences"],
    ["trigger", "SELECT count(DISTINCT trigger_name) FROM information_schema.triggers"],
    ["schema", "SELECT count(*) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"],
    ["extension", "SELECT count(*) - 1 AS count FROM pg_extension"],
    ["function", "SELECT count(*) FROM pg_proc WHERE pronamespace IN ('public'::regnamespace, 'app'::regnamespace)"],
    [
      "column",
      "SELECT count(*) + 2 AS count FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')",
    ],
    // Materialized views are not standard SQL, so the information schema has neither the one here nor its two columns.
  ] as const)("finds as many of kind %s as there are", async (group, sql) => {
    const { rows } = await run(url, sql);
    // A schema made by initdb has an OID of its own: what is in public is counted apart.
    const found = (await allPages({ limit: 1000, groups: [group] })).filter(
      ({ name }) => !["table", "index"].includes(group) || !name.startsWith("public."),
    );
    expect(found).toHaveLength(Number(rows[0].count));
  });

  it("puts the name itself first, then its beginning, any part, and comments", async () => {
    await run(
      url,
      `CREATE SCHEMA ranked; CREATE TABLE ranked.my_order (); CREATE TABLE ranked.ORDER_ITEM ();
       CREATE TABLE ranked."order" (); CREATE VIEW ranked.seen AS SELECT 1; COMMENT ON VIEW ranked.seen IS 'Each Order once'`,
    );
    expect(await names({ pattern: "ORDER", schema: "ranked" })).toEqual([
      'ranked."order"',
      "ranked.order_item",
      "ranked.my_order",
      "ranked.seen",
    ]);
  });

  it.each([
    ["größE", ['"Mixed Case"."Größe"', '"Mixed Case"."Order.Lines"."größe"']],
    ["app.*total*", ["app.total(numeric, integer)", "app.total(text)"]],
    [
      "app.EVENTS",
      ["app.events", "app.events_at", "app.events.at", "app.events.note", "app.events.region", "app.events.who"],
    ],
    ["order.lines", ['"Mixed Case"."Order.Lines"']],
    ["%users", ["app.users", "public.users"]],
    ["user?", ["app.users", "public.users"]],
    ["日*", ['"Mixed Case"."Größe"."日本"']],
    ['a"B', ['"Mixed Case"."a""b"']],
    ["who may log", ["public.users"]],
    ["citext(boolean", []],
  ])("finds %j", async (pattern, expected) => {
    const found = await names({ pattern });
    expect(found.slice(0, Math.max(1, expected.length))).toEqual(expected);
  });

  it("takes whatever is no wildcard literally", async () => {
    const specials = "\\.+^$()[]{}|/-#&~'\"; _é日\u{1f600}\n\tdrop";
    await run(url, `CREATE SCHEMA odd; CREATE TABLE odd."x${specials.replaceAll('"', '""')}y" ()`);
    const characters = [...specials];
    await fc.assert(
      fc.asyncProperty(fc.nat(characters.length - 1), fc.integer({ min: 1, max: 6 }), async (from, length) => {
        const pattern = characters.slice(from, from + length).join("");
        expect(await names({ pattern: pattern.toUpperCase(), schema: "odd", groups: ["table"] })).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", minLength: 1 }), async (pattern) => {
        fc.pre(!pattern.includes("\0"));
        await names({ pattern, schema: "odd" });
      }),
      { numRuns: 100 },
    );
  });

  it("leaves the system's schemas out unless one is named", async () => {
    expect(await names({ pattern: "pg_class" })).toEqual([]);
    expect(await names({ pattern: "pg_class", schema: "pg_catalog", groups: ["table"] })).toEqual(["pg_class"]);
    expect(await names({ schema: "information_schema", groups: ["view"] })).toContain("information_schema.tables");
    expect(await names({ schema: "nowhere" })).toEqual([]);
  });

  it("goes on where it was although objects come and go", async () => {
    await run(
      url,
      "CREATE SCHEMA moving; CREATE TABLE moving.b (); CREATE TABLE moving.d (); CREATE TABLE moving.f ()",
    );
    const first = await searchObjects(reader, { schema: "moving", groups: ["table"], limit: 2 });
    await run(url, "DROP TABLE moving.d; CREATE TABLE moving.a (); CREATE TABLE moving.e ()");
    const rest = await names({ schema: "moving", groups: ["table"], after: first.objects.at(-1)?.position });
    expect([...first.objects.map(({ name }) => name), ...rest]).toEqual([
      "moving.b",
      "moving.d",
      "moving.e",
      "moving.f",
    ]);
  });

  it("says in a few words what each is", async () => {
    const found = await allPages({ limit: 500, groups: objectGroups.filter((group) => group !== "column") });
    const details = Object.fromEntries(found.map(({ kind, name, detail }) => [`${kind} ${name}`, detail]));
    expect(details).toMatchObject({
      "table public.users": "7 columns",
      "partitioned table app.events": "4 columns, 2 partitions",
      "table app.events_2025_eu": "partition of app.events_2025, 4 columns",
      "enum app.mood": "sad, ok, very happy",
      "domain app.positive": "numeric(10,2)",
      "index public.users_pkey": "primary key on public.users",
      "sequence public.users_id_seq": "of public.users.id",
      "function app.total(text)": "returns SETOF public.users, sql",
      "trigger public.users.touch_users": "calls app.touch",
    });
    await run(url, "INSERT INTO app.vehicle SELECT generate_series(1, 10); ANALYZE app.vehicle");
    const [vehicle] = (await searchObjects(reader, { pattern: "vehicle", limit: 1 })).objects;
    expect(vehicle?.detail).toBe("2 columns, ~10 rows");
  });

  it("needs no privileges, and no table to be free", async () => {
    const stranger = await readSession(url, STRANGER);
    const release = await lockTable(url, "public.users, app.events, app.grown_ups");
    try {
      const seen = await searchObjects(stranger, { groups: objectGroups, limit: 5000 });
      const everything = await searchObjects(reader, { groups: objectGroups, limit: 5000 });
      expect(seen.objects).toEqual(everything.objects);
    } finally {
      await Promise.all([stranger.close(), release()]);
    }
  });
});
