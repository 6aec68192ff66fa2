import { writes } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";
import { applyPatch as applyPatchToFiles } from "../patch/apply-patch.js";

export const applyPatch = tool({
  name: "apply_patch",
  description: "Apply a unified diff to one or more files: change, create, delete, rename. All of it or nothing.",
  effect: writes({ destructive: true }),
  set: "write",
  input: z.strictObject({
    patch: z.string().min(1).describe("As from diff -u or git diff"),
    dryRun: z.boolean().default(false).describe("Only check that it fits"),
    strip: z.number().int().min(0).optional().describe("Leading path parts to drop; default: a/ and b/"),
  }),
  output: z.object({
    applied: z.boolean().describe("False after a dry run"),
    files: z
      .array(
        z.object({
          change: z.enum(["created", "modified", "deleted", "renamed", "copied"]).describe("What happened"),
          path: z.string().describe("As in the patch"),
          from: z.string().optional().describe("Old path"),
          added: z.number().int().describe("Lines"),
          removed: z.number().int().describe("Lines"),
          moved: z.number().int().describe("Hunks that fitted at another line"),
        }),
      )
      .describe("In the order of the patch"),
  }),
  handle: async ({ patch, ...options }, context) => ({
    applied: !options.dryRun,
    files: await applyPatchToFiles(context, patch, options),
  }),
});
