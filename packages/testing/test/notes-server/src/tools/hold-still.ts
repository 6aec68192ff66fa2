import { setTimeout as wait } from "node:timers/promises";
import { reads, text } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";

export const holdStill = tool({
  name: "hold_still",
  description: "Do nothing for a while. For tests of what a stopping server does with calls in flight.",
  effect: reads(),
  input: z.strictObject({
    milliseconds: z.number().int().min(0).describe("How long"),
    stubborn: z.boolean().default(false).describe("Take no notice of a cancellation"),
  }),
  async handle({ milliseconds, stubborn }, { signal }) {
    await wait(milliseconds, undefined, stubborn ? {} : { signal });
    return text("held still");
  },
});
