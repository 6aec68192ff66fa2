import { define, defineServer, reads, text } from "@mcp-reference/runtime";
import * as z from "zod";
import { testServer } from "../../src/index.js";

const { tool, prompt } = define();

const effect = { ...reads(), hints: { readOnlyHint: true } } as ReturnType<typeof reads>;
const words = z.string().describe("Words");

let calls = 0;

/** Keeps none of the promises that the contract checks. */
const broken = defineServer({
  name: "broken",
  version: "1.9.9",
  description: "Breaks the contract",
  instructions: "None.",
  config: z.object({ token: z.string().optional().describe("Token").meta({ secret: true, env: "BROKEN_TOKEN" }) }),
  open: () => {
    if (calls++ % 2) broken.tools.reverse();
    return {};
  },
  needs: { fs: "none", network: false, childProcesses: [], workers: false },
  tools: [
    tool({
      name: "badName",
      description: "d".repeat(301),
      effect,
      input: z.object({ silent: z.object({ inner: z.string() }).describe("Outer") }),
      output: z.object({ words }),
      handle: () => ({ words: "" }),
    }),
    tool({
      name: "drop_words",
      description: "Says nothing of what it found.",
      effect,
      input: z.strictObject({}),
      output: z.object({ words }),
      handle: () => ({ words: "found" }),
      render: () => "nothing",
    }),
    tool({
      name: "fail_always",
      description: "Fails.",
      effect,
      input: z.looseObject({}),
      handle: () => {
        throw new Error("no");
      },
    }),
    tool({
      name: "large_list",
      description: "L.",
      effect,
      input: z.strictObject({ words: words.describe("w".repeat(9000)) }),
      handle: () => text(""),
    }),
  ],
  prompts: [
    prompt({ name: "silent", description: "", args: z.strictObject({ name: z.string() }), messages: () => [] }),
  ],
}) as ReturnType<typeof defineServer> & { tools: unknown[] };

testServer(broken, {
  bin: new URL("./bin/cli.js", import.meta.url),
  toolsDir: new URL("./tools/", import.meta.url),
  listBudgetBytes: 1024,
  examples: { drop_words: {}, fail_always: {}, no_tool: {} },
});
