import { reads, text } from "@mcp-reference/runtime";
import { filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { readMany } from "../text/read-many.js";

export const readMultipleFiles = tool({
  name: "read_multiple_files",
  description: "Read several text files, each below a line with its path. One that fails does not stop the rest.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    paths: z.array(filePath).min(1).max(100).describe("Files to read"),
    max_bytes: z.number().int().min(1).optional().describe("Bytes of text in all; large files are cut"),
  }),
  async handle({ paths, max_bytes = Number.POSITIVE_INFINITY }, { sandbox, signal, maxOutput }) {
    return text(await readMany(sandbox, paths, { text: max_bytes, result: maxOutput }, signal));
  },
});
