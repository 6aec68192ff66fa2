import { reads, text } from "@mcp-reference/runtime";
import { filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { lineCount } from "../text/fields.js";
import { readSelection } from "../text/read-selection.js";

export const readFile = tool({
  name: "read_file",
  description: "Deprecated: use read_text_file.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    path: filePath,
    head: lineCount.optional().describe("Only the first lines"),
    tail: lineCount.optional().describe("Only the last lines"),
  }),
  async handle({ path, ...selection }, { sandbox, signal, maxOutput }) {
    const { body, note } = await readSelection(sandbox, path, selection, { maxBytes: maxOutput, signal });
    return text(body, note);
  },
});
