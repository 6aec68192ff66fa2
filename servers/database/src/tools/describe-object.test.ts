import { connect, errorOf, missingLeaves, startPostgres, textOf } from "@mcp-reference/testing";
import { beforeAll, expect, it } from "vitest";
import { awkwardDatabase, lockTable, STRANGER } from "../../test/catalog-database.js";
import definition from "../index.js";

let server: Awaited<ReturnType<typeof startPostgres>>;
let url: string;
beforeAll(async () => {
  server = await startPostgres();
  url = await awkwardDatabase(server);
});

it("shows all it knows on both channels, whatever it describes", async () => {
  const client = await connect(definition, { env: { DATABASE_URL: url } });
  for (const object of [
    "public.users",
    '"Order.Lines"',
    "app.events",
    "app.secrets",
    "app.grown_ups",
    "app.total(text)",
    "app.mood",
    "app.positive",
    "tickets",
    "app",
    "citext",
    "users_pkey",
    "many",
  ]) {
    const result = await client.callTool("describe_object", { object });
    expect(errorOf(result), object).toBeUndefined();
    expect(missingLeaves(result.structuredContent, textOf(result)), object).toEqual([]);
  }
});

it("takes few words for a table of usual size", async () => {
  const client = await connect(definition, { env: { DATABASE_URL: url } });
  const result = await client.callTool("describe_object", { object: "public.users" });
  expect(Buffer.byteLength(textOf(result))).toBeLessThan(2048);
  expect(textOf(result)).not.toMatch(/: (none|false|null)\b/);
});

it("works without privileges", async () => {
  const client = await connect(definition, { env: { DATABASE_URL: server.urlFor("awkward", STRANGER) } });
  const result = await client.callTool("describe_object", { object: "app.secrets" });
  expect(result.structuredContent).toMatchObject({
    facts: { privileges: expect.stringMatching(/none/), policies: [{ name: "own_rows" }] },
  });
});

it("says what was meant, what is ambiguous, and what is locked", async () => {
  const client = await connect(definition, { env: { DATABASE_URL: url } });
  const errorFor = async (object: string) => errorOf(await client.callTool("describe_object", { object }));
  expect(await errorFor("evnets")).toMatchObject({ code: "NOT_FOUND", hint: expect.stringContaining("app.events") });
  expect(await errorFor("users")).toMatchObject({ code: "AMBIGUOUS", message: expect.stringContaining("app.users") });
  expect(await errorFor('"')).toMatchObject({ code: "INVALID_ARGUMENT" });
  const release = await lockTable(url, "app.vehicle");
  try {
    expect((await errorFor("app.vehicle"))?.code).not.toBe("INTERNAL");
  } finally {
    await release();
  }
});
