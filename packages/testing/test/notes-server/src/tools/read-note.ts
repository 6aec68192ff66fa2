import { reads, text } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";

export const readNote = tool({
  name: "read_note",
  description: "Read one note.",
  effect: reads(),
  input: z.strictObject({ name: z.string().describe("Name of the note") }),
  handle: ({ name }, { notes }) => text(notes.read(name)),
});
