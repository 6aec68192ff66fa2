import { describePostgres, startPostgres } from "@mcp-reference/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { awkwardDatabase } from "../../test/catalog-database.js";
import { readSession } from "../../test/reader.js";
import { resolveObject } from "./resolve-object.js";

describePostgres("the object a name means", (version) => {
  let reader: Awaited<ReturnType<typeof readSession>>;
  beforeAll(async () => {
    reader = await readSession(await awkwardDatabase(await startPostgres({ version })));
  });
  afterAll(() => reader?.close());

  it.each([
    ["public.users", "public.users"],
    ["PUBLIC.Users", "public.users"],
    ['"public"."users"', "public.users"],
    ["EVENTS", "app.events"],
    ['"Order.Lines"', '"Mixed Case"."Order.Lines"'],
    ["Größe", '"Mixed Case"."Größe"'],
    ['"Mixed Case"."a""b"', '"Mixed Case"."a""b"'],
    ["app", "app"],
    ["app.total(text)", "app.total(text)"],
    ["TOTAL(numeric,integer)", "app.total(numeric, integer)"],
    ["touch", "app.touch()"],
    ["app.span", "app.span"],
    ["citext", "public.citext"],
    ["users.email", "public.users.email"],
    ["app.events.region", "app.events.region"],
    ["users.touch_users", "public.users.touch_users"],
    ["pg_class", "pg_class"],
    ["pg_catalog.pg_class", "pg_class"],
    ["information_schema.tables", "information_schema.tables"],
    ["users_lower_name", "public.users_lower_name"],
    ["tickets", "app.tickets"],
  ])("%s is %s", async (written, label) => {
    expect(await resolveObject(reader, written)).toMatchObject({ label });
  });

  it.each([
    ["users", "AMBIGUOUS", /app\.users/],
    ["users.id", "AMBIGUOUS", /public\.users\.id/],
    ["app.total", "AMBIGUOUS", /app\.total\(numeric, integer\), app\.total\(text\)/],
    ["größe", "NOT_FOUND", /"Mixed Case"\."Größe"/],
    ['"Events"', "NOT_FOUND", /Did you mean app\.events\?/],
    ["public.events", "NOT_FOUND", /Did you mean app\.events\?/],
    ["evnets", "NOT_FOUND", /Did you mean app\.events/],
    ["customers_and_orders", "NOT_FOUND", /search_objects/],
    ["app.total(boolean)", "NOT_FOUND", /app\.total\(text\)/],
    ["email", "NOT_FOUND", /search_objects/],
    ["id; DROP TABLE users", "NOT_FOUND", /./],
    ["nowhere.public.users", "NOT_FOUND", /public\.users/],
    ["a..b", "INVALID_ARGUMENT", /as in SQL/],
  ])("%s is %s", async (written, code, hint) => {
    await expect(resolveObject(reader, written)).rejects.toMatchObject({
      code,
      ...(code === "AMBIGUOUS" ? { message: expect.stringMatching(hint) } : { hint: expect.stringMatching(hint) }),
    });
  });

  it("is only looked for among the kinds asked for", async () => {
    await expect(resolveObject(reader, "app.touch", ["table", "view"])).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(resolveObject(reader, "users.email", ["table"])).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
