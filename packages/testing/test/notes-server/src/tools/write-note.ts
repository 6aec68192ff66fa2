import { writes } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";

const labels = z.strictObject({
  colour: z.enum(["red", "green"]).describe("Colour of the label"),
  words: z.array(z.string()).default([]).describe("Words on the label"),
});

export const writeNote = tool({
  name: "write_note",
  description: "Write a note, over the old one if there is one.",
  effect: writes({ idempotent: true }),
  input: z.strictObject({
    name: z.string().min(1).describe("Name of the note"),
    body: z.string().describe("Text of the note"),
    labels: labels.optional().describe("What is stuck on it"),
  }),
  output: z.object({
    name: z.string().describe("Name of the note"),
    size: z.number().int().describe("Characters written"),
    labels: labels.optional().describe("What is stuck on it now"),
  }),
  handle({ name, body, labels }, { notes }) {
    notes.write(name, body);
    return { name, size: body.length, labels };
  },
});
