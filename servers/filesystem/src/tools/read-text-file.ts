import { reads, text } from "@mcp-reference/runtime";
import { filePath, lineNumber } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { lineCount } from "../text/fields.js";
import { readSelection } from "../text/read-selection.js";

export const readTextFile = tool({
  name: "read_text_file",
  description: "Read a text file, whole or some of its lines: offset with limit, head, or tail.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    path: filePath,
    head: lineCount.optional().describe("Only the first lines"),
    tail: lineCount.optional().describe("Only the last lines"),
    offset: lineNumber.optional().describe("First line, from 1"),
    limit: lineCount.optional().describe("Lines to read"),
    encoding: z.string().optional().describe("Default: UTF-8, or what its byte order mark says"),
    line_numbers: z.boolean().default(false).describe("Number each line"),
  }),
  async handle({ path, encoding, line_numbers, ...selection }, { sandbox, signal, maxOutput }) {
    const options = { encoding, lineNumbers: line_numbers, maxBytes: maxOutput, signal };
    const { body, note } = await readSelection(sandbox, path, selection, options);
    return text(body, note);
  },
});
