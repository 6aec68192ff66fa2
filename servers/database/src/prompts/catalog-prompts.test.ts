import { connect, startPostgres } from "@mcp-reference/testing";
import { beforeAll, expect, it } from "vitest";
import { awkwardDatabase } from "../../test/catalog-database.js";
import definition from "../index.js";

let url: string;
beforeAll(async () => {
  url = await awkwardDatabase(await startPostgres());
});

const refused = (code: string) => expect.objectContaining({ data: expect.objectContaining({ code }) });
const open = (argv: string[] = []) => connect(definition, { env: { DATABASE_URL: url }, argv });

type Message = { content: { text?: string; resource?: { uri: string; text?: string } } };

async function prompt(client: Awaited<ReturnType<typeof open>>, name: string, args: Record<string, string>) {
  const { messages } = await client.getPrompt(name, args);
  const contents = (messages as Message[]).map(({ content }) => content);
  return {
    attached: contents.flatMap(({ resource }) => resource ?? []),
    words: contents.flatMap(({ text }) => text ?? []).join("\n"),
  };
}

it("explore_database brings an overview along", async () => {
  const { attached, words } = await prompt(await open(), "explore_database", { question: "How many users are there?" });
  expect(words).toMatch(/How many users are there\?/);
  const overview = attached[0]?.text ?? "";
  for (const fact of [
    "The shop",
    "app.events",
    "partitioned table",
    "app.events (who) -> public.users (id)",
    "many,2000",
  ]) {
    expect(overview).toContain(fact);
  }
});

it("an overview is cut to what may be sent, and says so", async () => {
  const { attached, words } = await prompt(await open(["--max-output=2k"]), "explore_database", {});
  expect(Buffer.byteLength(attached[0]?.text ?? "")).toBeLessThanOrEqual(1024);
  expect(words).toMatch(/was cut after \d+ of \d+ lines/);
});

it("write_migration describes what is to change, and asks for safe steps", async () => {
  const client = await open();
  const { attached, words } = await prompt(client, "write_migration", {
    change: "Make note NOT NULL",
    object: 'app.events, "Mixed Case"."a""b",app.total(numeric, integer)',
  });
  expect(attached.map(({ text }) => text?.split("\n")[1])).toEqual([
    "name: app.events",
    'name: "Mixed Case"."a""b"',
    "name: app.total(numeric, integer)",
  ]);
  expect(words).toMatch(/PostgreSQL 1\d.*Make note NOT NULL/);
  for (const word of ["lock_timeout", "CONCURRENTLY", "NOT VALID", "VALIDATE", "rollback"])
    expect(words).toContain(word);
  for (const { uri, text } of attached) {
    const { contents } = await client.readResource(uri);
    expect(JSON.stringify(contents)).toContain(text?.split("\n")[0]?.slice("kind: ".length));
  }
});

it("write_migration works without an object, and says which does not exist", async () => {
  const client = await open();
  const { attached, words } = await prompt(client, "write_migration", { change: "Add a table" });
  expect(attached).toEqual([]);
  expect(words).toContain("describe_object");
  await expect(client.getPrompt("write_migration", { change: "x", object: "app.events, evnets" })).rejects.toEqual(
    refused("NOT_FOUND"),
  );
  await expect(client.getPrompt("explore_database", { database: "none" })).rejects.toEqual(refused("NOT_FOUND"));
});

it("objects are completed one after the other, columns behind their table", async () => {
  const client = await open();
  const complete = async (value: string) =>
    (
      await client.complete({
        ref: { type: "ref/prompt", name: "write_migration" },
        argument: { name: "object", value },
      })
    ).values;
  expect(await complete("app.secr")).toEqual(["app.secrets", "app.secrets.owner", "app.secrets.secret"]);
  expect(await complete("app.events, grown")).toEqual(["app.events, app.grown_ups"]);
});
