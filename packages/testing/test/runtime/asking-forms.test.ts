import type { ElicitResult } from "@mcp-reference/client";
import { form, reads, sample, text, writes } from "@mcp-reference/runtime";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { connect, errorOf, textOf, variants } from "../../src/index.js";
import { answering } from "./shredder.js";
import { serverOf, tool } from "./testbed.js";

describe.each(variants)("forms and samples for $variant", (variant) => {
  const fields = z.object({
    name: z.string().min(2).describe("Name"),
    size: z.number().int().min(1).max(9).describe("Size"),
    kind: z.enum(["round", "square"]).default("round").describe("Kind"),
  });
  const server = serverOf({
    tools: [
      tool({
        name: "order_table",
        description: "Orders.",
        effect: writes(),
        input: z.strictObject({}),
        ask: () => form(fields, "Which table?"),
        handle: (_, __, { name, size, kind }) => text(`${name} ${size} ${kind}`),
      }),
      tool({
        name: "guess_words",
        description: "Guesses.",
        effect: reads(),
        input: z.strictObject({}),
        ask: () =>
          sample([{ role: "user", content: { type: "text", text: "A word?" } }], {
            maxTokens: 7,
            systemPrompt: "Short.",
          }),
        handle: (_, __, words) => text(words ?? "no model"),
      }),
    ],
  });

  test("a form is shown and its content reaches the handler checked", async () => {
    const { questions, elicit } = answering({ action: "accept", content: { name: "Bo", size: 4, kind: "square" } });
    const client = await connect(server, { ...variant, elicit });
    expect(textOf(await client.callTool("order_table"))).toBe("Bo 4 square");
    expect(questions[0]?.message).toBe("Which table?");
    expect(questions[0]?.requestedSchema.properties).toMatchObject({
      size: { type: "integer", minimum: 1, maximum: 9 },
      kind: { enum: ["round", "square"], default: "round" },
    });
  });

  test.each<[string, ElicitResult["content"]]>([
    ["too long a number", { name: "Bo", size: 10 }],
    ["a missing field", { name: "Bo" }],
    ["the wrong type", { name: "Bo", size: "4" }],
    ["nothing", {}],
  ])("content with %s is refused, by client or server", async (_, content = {}) => {
    const client = await connect(server, { ...variant, elicit: () => ({ action: "accept", content }) });
    const outcome = await client.callTool("order_table").catch((error) => error);
    if (outcome instanceof Error) return;
    expect(errorOf(outcome)?.code).toBe("INVALID_ARGUMENT");
    expect(textOf(outcome)).not.toContain("\n");
  });

  test("a declined form is DECLINED, and without forms the tool is UNSUPPORTED", async () => {
    const declining = await connect(server, { ...variant, elicit: () => ({ action: "decline" }) });
    expect(errorOf(await declining.callTool("order_table"))).toMatchObject({ code: "DECLINED" });
    const formless = await connect(server, variant);
    expect(errorOf(await formless.callTool("order_table"))).toMatchObject({ code: "UNSUPPORTED" });
  });

  test("the client's model is asked, with its limits", async () => {
    const requests: unknown[] = [];
    const client = await connect(server, {
      ...variant,
      sample: (request) => {
        requests.push(request);
        return { model: "m", role: "assistant", content: { type: "text", text: "apple" } };
      },
    });
    expect(textOf(await client.callTool("guess_words"))).toBe("apple");
    expect(requests).toMatchObject([{ maxTokens: 7, systemPrompt: "Short." }]);
  });

  test("without a model the handler does without", async () => {
    const client = await connect(server, variant);
    expect(textOf(await client.callTool("guess_words"))).toBe("no model");
  });
});
