import * as z from "zod";

export const remoteName = z
  .string()
  .min(1)
  .max(1000)
  .describe("Remote; default: that of the current branch, else origin");

/** Refs that changed, as results tell it. */
export const refMoves = {
  refs: z.array(
    z.object({
      ref: z.string(),
      change: z.enum(["new", "forward", "forced", "pruned", "kept"]).describe("kept: a tag that differs there"),
      from: z.string().optional(),
      to: z.string().optional(),
    }),
  ),
  more_refs: z.number().int().optional().describe("Refs that changed too"),
};
