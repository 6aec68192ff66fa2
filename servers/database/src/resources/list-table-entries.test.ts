import { startPostgres } from "@mcp-reference/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { awkwardDatabase } from "../../test/catalog-database.js";
import { readSession } from "../../test/reader.js";
import type { Database } from "../engine/types.js";
import { listTableEntries } from "./list-table-entries.js";

it("lists the same tables on pages of any size, one database after the other", async () => {
  const session = await readSession(await awkwardDatabase(await startPostgres()));
  const named = (name: string) =>
    ({
      info: { name, kind: "server", address: name },
      read: (work: (reader: typeof session) => unknown) => work(session),
    }) as unknown as Database;
  const databases = ["one", "two"].map(named);
  const options = {
    uriOf: ({ name }: { name: string }, table: string) => `${name}/${table}`,
    signal: new AbortController().signal,
  };
  const whole = (await listTableEntries(databases, { position: undefined, limit: 10_000 }, options)).entries;
  expect(new Set(whole.map(({ uri }) => uri)).size).toBe(whole.length);
  expect(whole.length).toBeGreaterThan(4000);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 50, max: 3000 }), async (limit) => {
      const paged: typeof whole = [];
      for (let position: unknown; ; ) {
        const page = await listTableEntries(databases, { position, limit }, options);
        expect(page.entries.length).toBeLessThanOrEqual(limit);
        paged.push(...page.entries);
        position = page.next;
        if (position === undefined) break;
      }
      expect(paged).toEqual(whole);
    }),
    { numRuns: 8 },
  );
  await session.close();
});
