import { reads } from "@mcp-reference/runtime";
import { cursor, limit } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";

const note = z.object({ name: z.string().describe("Name"), size: z.number().int().describe("Characters") });

export const listNotes = tool({
  name: "list_notes",
  description: "List the notes, sorted by name.",
  effect: reads(),
  input: z.strictObject({ limit: limit.default(50), cursor: cursor.optional() }),
  output: z.object({
    notes: z.array(note).describe("Notes of this page"),
    nextCursor: z.string().optional().describe("Gives the next page; none on the last"),
  }),
  handle({ limit, cursor }, { notes, cursors }) {
    const after = cursor === undefined ? "" : cursors.open(cursor, z.string());
    const names = notes.names().filter((name) => name > after);
    const page = names.slice(0, limit);
    return {
      notes: page.map((name) => ({ name, size: notes.read(name).length })),
      nextCursor: names.length > limit ? cursors.seal(page.at(-1)) : undefined,
    };
  },
});
