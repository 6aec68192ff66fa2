import { connect, errorOf, missingLeaves, startPostgres, textOf } from "@mcp-reference/testing";
import { beforeAll, expect, it } from "vitest";
import { awkwardDatabase } from "../../test/catalog-database.js";
import definition from "../index.js";

let url: string;
beforeAll(async () => {
  url = await awkwardDatabase(await startPostgres());
});

type Found = { objects: { kind: string; name: string }[]; truncated: boolean; nextCursor?: string };
type Client = Awaited<ReturnType<typeof connect>>;

async function search(client: Client, args: Record<string, unknown>) {
  const result = await client.callTool("search_objects", args);
  expect(errorOf(result)).toBeUndefined();
  const found = result.structuredContent as Found;
  expect(missingLeaves(found, textOf(result))).toEqual([]);
  return { ...found, text: textOf(result) };
}

async function allPages(client: Client, args: Record<string, unknown>) {
  const pages = [await search(client, args)];
  for (let cursor = pages[0]?.nextCursor; cursor; cursor = pages.at(-1)?.nextCursor) {
    pages.push(await search(client, { ...args, cursor }));
  }
  return pages;
}

it("pages through thousands of tables, each once, whatever a page may hold", async () => {
  const names = (pages: Found[]) => pages.flatMap(({ objects }) => objects.map(({ name }) => name));
  const wide = await connect(definition, { env: { DATABASE_URL: url } });
  const whole = names(await allPages(wide, { schema: "many", kinds: ["table"], limit: 100 }));
  expect(new Set(whole).size).toBe(2000);
  const narrow = await connect(definition, { env: { DATABASE_URL: url }, argv: ["--max-output=2k"] });
  const pages = await allPages(narrow, { schema: "many", kinds: ["table"], limit: 100 });
  expect(names(pages)).toEqual(whole);
  for (const { text } of pages) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048);
});

it("is of use without a pattern, and says when it finds nothing", async () => {
  const client = await connect(definition, { env: { DATABASE_URL: url } });
  const { objects } = await search(client, {});
  expect(objects[0]?.kind).toBe("table");
  expect(await search(client, { pattern: "no such thing" })).toMatchObject({ objects: [], truncated: false });
});

it("keeps cursors to their search, and names the databases there are", async () => {
  const client = await connect(definition, { env: { DATABASE_URL: url } });
  const { nextCursor } = await search(client, { limit: 1 });
  const codeOf = async (args: object) => errorOf(await client.callTool("search_objects", { ...args }))?.code;
  expect(await codeOf({ limit: 1, pattern: "a", cursor: nextCursor })).toBe("INVALID_ARGUMENT");
  expect(await codeOf({ kinds: [] })).toBe("INVALID_ARGUMENT");
  expect(await codeOf({ pattern: "a\0b" })).not.toBe("INTERNAL");
  expect(await codeOf({ database: "other" })).toBe("NOT_FOUND");
});
