import { audio, blob, blocks, image, link, paragraph, reads, text } from "@mcp-reference/runtime";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { connect, errorOf, textOf, variants } from "../../src/index.js";
import { nothing, serverOf, tool } from "./testbed.js";

const effect = reads();
const count = z.number().int().describe("How many");

const structured = tool({
  name: "count_words",
  description: "Counts.",
  effect,
  input: z.strictObject({ words: z.string().default("a b").describe("Text") }),
  output: z.object({ count, longest: z.string().optional().describe("The longest one") }),
  handle: ({ words }) => ({ count: words.split(" ").length, longest: undefined }),
});

const written = tool({
  name: "read_part",
  description: "Reads.",
  effect,
  input: z.strictObject({ part: z.boolean().default(false).describe("Not all") }),
  handle: ({ part }) => text("  body\r\n", part && "Continue with offset 2."),
});

const bytes = Buffer.from([0, 255, 128]);
const media = tool({
  name: "show_media",
  description: "Shows.",
  effect,
  input: nothing,
  handle: () =>
    blocks(
      paragraph("one of each"),
      image(bytes.subarray(1), "image/png"),
      audio(bytes, "audio/wav"),
      blob("test:///b", bytes, "application/x-b"),
      link({ uri: "test:///l", name: "l" }),
    ),
});

const liar = tool({
  name: "break_promise",
  description: "Answers what it did not declare.",
  effect,
  input: nothing,
  output: z.object({ count }),
  handle: () => ({ count: "many" as unknown as number }),
});

const sealed = tool({
  name: "add_field",
  description: "Answers more than it declared.",
  effect,
  input: nothing,
  output: z.object({ count }),
  handle: () => ({ count: 1, surplus: "not declared" }),
});

const shapeless = tool({
  name: "return_object",
  description: "Declares no output.",
  effect,
  input: nothing,
  handle: () => ({ count: 1 }) as unknown as ReturnType<typeof text>,
});

const drawn = tool({
  name: "draw_count",
  description: "Has words of its own.",
  effect,
  input: nothing,
  output: z.object({ count }),
  handle: () => ({ count: 3 }),
  render: ({ count }) => `there are ${count}`,
});

const server = serverOf({ tools: [structured, written, media, liar, sealed, shapeless, drawn] });

describe.each(variants)("results for $variant", (variant) => {
  test("an object is structured content and text", async () => {
    const client = await connect(server, variant);
    await client.listTools();
    const result = await client.callTool("count_words", { words: "a b c" });
    expect(result.structuredContent).toEqual({ count: 3 });
    expect(textOf(result)).toBe("count: 3");
    expect(result.isError ?? false).toBe(false);
  });

  test("defaults are filled in, and arguments may be left out altogether", async () => {
    const client = await connect(server, variant);
    expect((await client.callTool("count_words")).structuredContent).toEqual({ count: 2 });
  });

  test("text is copied exactly and carries no structured content; a note is a block of its own", async () => {
    const client = await connect(server, variant);
    const whole = await client.callTool("read_part");
    expect(whole.content).toEqual([{ type: "text", text: "  body\r\n" }]);
    expect(whole).not.toHaveProperty("structuredContent");
    const part = await client.callTool("read_part", { part: true });
    expect(part.content.slice(1)).toEqual([{ type: "text", text: "Continue with offset 2." }]);
  });

  test("media survive byte by byte", async () => {
    const client = await connect(server, variant);
    const { content } = await client.callTool("show_media");
    expect(content).toEqual([
      { type: "text", text: "one of each" },
      { type: "image", data: bytes.subarray(1).toString("base64"), mimeType: "image/png" },
      { type: "audio", data: bytes.toString("base64"), mimeType: "audio/wav" },
      {
        type: "resource",
        resource: { uri: "test:///b", mimeType: "application/x-b", blob: bytes.toString("base64") },
      },
      { type: "resource_link", uri: "test:///l", name: "l" },
    ]);
  });

  test.each(["break_promise", "return_object"])("%s: an answer against the declaration is INTERNAL", async (name) => {
    const client = await connect(server, variant);
    await client.listTools();
    const result = await client.callTool(name);
    expect(errorOf(result)).toMatchObject({ code: "INTERNAL", details: { id: expect.any(String) } });
    expect(textOf(result)).not.toMatch(/count|many|schema/);
  });

  test("fields that were not declared stay inside", async () => {
    const client = await connect(server, variant);
    await client.listTools();
    const result = await client.callTool("add_field");
    expect(result.structuredContent).toEqual({ count: 1 });
    expect(textOf(result)).not.toContain("surplus");
  });

  test("a tool may render its own text", async () => {
    const client = await connect(server, variant);
    expect(textOf(await client.callTool("draw_count"))).toBe("there are 3");
  });
});
