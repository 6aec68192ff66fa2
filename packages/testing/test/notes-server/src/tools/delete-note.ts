import { confirm, deletes } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";

export const deleteNote = tool({
  name: "delete_note",
  description: "Delete a note for good.",
  effect: deletes(),
  input: z.strictObject({ name: z.string().describe("Name of the note") }),
  output: z.object({ deleted: z.string().describe("Name of the note that is gone") }),
  ask: ({ name }, { notes }) => confirm(`Delete the note ${name} (${notes.read(name).length} characters)?`),
  handle({ name }, { notes }) {
    notes.delete(name);
    return { deleted: name };
  },
});
