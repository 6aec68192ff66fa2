import { text, writes } from "@mcp-reference/runtime";
import { filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { clipDiff } from "../edit/clip-diff.js";
import { editFile as editTextFile } from "../edit/edit-file.js";
import { ifMatch } from "../write/fields.js";

const edit = z.strictObject({
  oldText: z.string().min(1).describe("Text to replace, copied exactly"),
  newText: z.string().describe("What to put there"),
  expected_count: z.number().int().min(1).default(1).describe("How often oldText occurs; all are replaced"),
});

export const editFile = tool({
  name: "edit_file",
  description: "Replace exact pieces of a text file, all or none. Returns the changes as a diff.",
  effect: writes({ destructive: true }),
  set: "write",
  input: z.strictObject({
    path: filePath,
    edits: z.array(edit).min(1).max(1000).describe("Applied in order"),
    dryRun: z.boolean().default(false).describe("Only show the diff"),
    if_match: ifMatch.optional(),
  }),
  async handle({ path, edits, dryRun, if_match }, context) {
    const wanted = edits.map(({ expected_count, ...change }) => ({ ...change, expectedCount: expected_count }));
    const { diff, remarks } = await editTextFile(context, path, wanted, { dryRun, ifMatch: if_match });
    if (diff === "") return text("No change: the file holds this already.");
    const { shown, remark } = clipDiff(diff, context.maxOutput);
    return text(shown, [dryRun && "Dry run: nothing was written.", ...remarks, remark].filter(Boolean).join(" "));
  },
});
