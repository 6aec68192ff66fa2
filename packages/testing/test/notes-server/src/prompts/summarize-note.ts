import { attachment, user } from "@mcp-reference/runtime";
import * as z from "zod";
import { prompt } from "../define.js";

export const summarizeNote = prompt({
  name: "summarize_note",
  description: "Summarise one note.",
  args: z.strictObject({
    name: z.string().describe("Name of the note"),
    max_points: z.coerce.number().int().optional().describe("Most points of the summary"),
  }),
  complete: { name: (value, { notes }) => notes.names().filter((name) => name.startsWith(value)) },
  messages: ({ name, max_points = 5 }, { notes }) => [
    attachment(`note:///${name}`, notes.read(name), "text/plain"),
    user(`Summarise this note in at most ${max_points} points.`),
  ],
});
