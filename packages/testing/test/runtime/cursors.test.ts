import { type CallContext, reads } from "@mcp-reference/runtime";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { connect, errorOf, variants } from "../../src/index.js";
import { serverOf, tool } from "./testbed.js";

const TOTAL = 25;
const input = z.strictObject({
  prefix: z.string().default("n").describe("Prefix"),
  limit: z.number().int().min(1).max(10).default(10).describe("Entries"),
  cursor: z.string().optional().describe("nextCursor"),
});
const output = z.object({
  entries: z.array(z.string()).describe("Entries"),
  nextCursor: z.string().optional().describe("Next"),
});

const page = ({ prefix, limit, cursor }: z.output<typeof input>, { cursors }: CallContext) => {
  const from = cursor === undefined ? 0 : cursors.open(cursor, z.number().int());
  const to = Math.min(from + limit, TOTAL);
  const entries = Array.from({ length: to - from }, (_, index) => `${prefix}${from + index}`);
  return { entries, nextCursor: to < TOTAL ? cursors.seal(to) : undefined };
};
const listing = (name: string) => tool({ name, description: "Lists.", effect: reads(), input, output, handle: page });
const server = serverOf({ tools: [listing("list_notes"), listing("list_files")] });

describe.each(variants)("cursors of tools for $variant", (variant) => {
  const open = () => connect(server, variant);
  const structured = async (client: Awaited<ReturnType<typeof open>>, args: object, name = "list_notes") =>
    (await client.callTool(name, { ...args })).structuredContent as z.output<typeof output>;

  test("walk to the end, whatever the size of each page", async () => {
    const client = await open();
    const seen: string[] = [];
    let cursor: string | undefined;
    for (const limit of [10, 3, 7, 10]) {
      const result = await structured(client, { limit, ...(cursor && { cursor }) });
      seen.push(...result.entries);
      cursor = result.nextCursor;
    }
    expect(seen).toEqual(Array.from({ length: TOTAL }, (_, index) => `n${index}`));
    expect(cursor).toBeUndefined();
  });

  test("may be used again, and by several calls at once", async () => {
    const client = await open();
    const { nextCursor: cursor } = await structured(client, {});
    const pages = await Promise.all([1, 2, 3].map(() => structured(client, { cursor })));
    for (const { entries } of pages) expect(entries[0]).toBe("n10");
  });

  test("are bound to the tool and to the arguments that shape the list", async () => {
    const client = await open();
    const { nextCursor: cursor } = await structured(client, { prefix: "a" });
    expect((await structured(client, { prefix: "a", cursor })).entries[0]).toBe("a10");
    for (const [name, args] of [
      ["list_files", { prefix: "a", cursor }],
      ["list_notes", { prefix: "b", cursor }],
      ["list_notes", { cursor }],
    ] as const) {
      const error = errorOf(await client.callTool(name, args));
      expect(error).toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining("cursor") });
      expect(error?.hint).toBeDefined();
    }
  });

  test.each(["", "0", "10", "eyJhIjoxfQ", "A".repeat(5000), "\u0000"])("%j is refused", async (cursor) => {
    const client = await open();
    expect(errorOf(await client.callTool("list_notes", { cursor }))).toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});
