import { user } from "@mcp-reference/runtime";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { connect, variants } from "../../src/index.js";
import { prompt, resource, serverOf } from "./testbed.js";

const words = Array.from({ length: 250 }, (_, index) => `word-${index}`);
const server = serverOf({
  resources: [
    resource({
      name: "page",
      description: "A page.",
      template: "book:///{book}/{page}",
      complete: {
        book: (value) => ["bible", "koran"].filter((book) => book.startsWith(value)),
        page: (value, _, { book }) => [`${book}:${value}1`],
      },
      read: () => ({ text: "" }),
    }),
  ],
  prompts: [
    prompt({
      name: "explain",
      description: "Explains.",
      args: z.strictObject({ word: z.string().describe("Word"), mood: z.string().optional().describe("Mood") }),
      complete: { word: async (value) => words.filter((word) => word.startsWith(value)) },
      messages: () => [user("")],
    }),
  ],
});

const ofPrompt = (name: string, argument: string, value = "") => ({
  ref: { type: "ref/prompt" as const, name },
  argument: { name: argument, value },
});
const ofTemplate = (uri: string, argument: string, value = "") => ({
  ref: { type: "ref/resource" as const, uri },
  argument: { name: argument, value },
});

describe.each(variants)("completions for $variant", (variant) => {
  test("come for prompts and templates", async () => {
    const client = await connect(server, variant);
    expect(await client.complete(ofPrompt("explain", "word", "word-24"))).toMatchObject({
      values: ["word-24", ...Array.from({ length: 10 }, (_, index) => `word-24${index}`)],
      total: 11,
      hasMore: false,
    });
    expect((await client.complete(ofTemplate("book:///{book}/{page}", "book", "k"))).values).toEqual(["koran"]);
  });

  test("know what the other variables are", async () => {
    const client = await connect(server, variant);
    const request = { ...ofTemplate("book:///{book}/{page}", "page", "3"), context: { arguments: { book: "koran" } } };
    expect((await client.complete(request)).values).toEqual(["koran:31"]);
  });

  test("are at most 100, and say how many there are", async () => {
    const client = await connect(server, variant);
    const completion = await client.complete(ofPrompt("explain", "word"));
    expect(completion.values).toHaveLength(100);
    expect(completion).toMatchObject({ total: 250, hasMore: true });
  });

  test("are none where nobody declared any, even for names that objects have by nature", async () => {
    const client = await connect(server, variant);
    for (const argument of ["mood", "nothing", "constructor", "toString", "__proto__"]) {
      expect((await client.complete(ofPrompt("explain", argument))).values).toEqual([]);
      expect((await client.complete(ofTemplate("book:///{book}/{page}", argument))).values).toEqual([]);
    }
  });

  test("of what is not there are refused", async () => {
    const client = await connect(server, variant);
    await expect(client.complete(ofPrompt("no_such", "word"))).rejects.toMatchObject({ code: -32602 });
    await expect(client.complete(ofTemplate("other:///{x}", "x"))).rejects.toMatchObject({ code: -32602 });
  });
});
