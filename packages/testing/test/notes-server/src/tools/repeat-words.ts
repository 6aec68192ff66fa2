import { reads, text } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";

export const repeatWords = tool({
  name: "repeat_words",
  description: "Repeat words. For tests of large results.",
  effect: reads(),
  input: z.strictObject({
    words: z.string().describe("What to repeat"),
    times: z.number().int().min(0).describe("How often"),
  }),
  handle: ({ words, times }) => text(words.repeat(times)),
});
