import { reads, text } from "@mcp-reference/runtime";
import { filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { clipDiff } from "../edit/clip-diff.js";
import { compareFiles } from "../edit/compare-files.js";

export const diffFiles = tool({
  name: "diff_files",
  description: "Compare two files as a unified diff from path to other.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    path: filePath,
    other: filePath,
    context: z.number().int().min(0).max(100).default(3).describe("Unchanged lines around changes"),
  }),
  async handle({ path, other, context: lines }, { sandbox, signal, maxOutput }) {
    const compared = await compareFiles(sandbox, path, other, { context: lines, signal });
    if (compared.diff === undefined) return text(compared.remark);
    const clipped = clipDiff(compared.diff, maxOutput);
    return text(clipped.shown, clipped.remark);
  },
});
