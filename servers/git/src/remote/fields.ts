import * as z from "zod";

export const remoteName = z
  .string()
  .min(1)
  .max(1000)
  .describe("Remote; default: that of the current branch, else origin");

/** Refs that changed, as results tell it. */
export const refMoves = {
  refs: z
    .array(
      z.object({
        ref: z.string().describe("Full name"),
        change: z.enum(["new", "forward", "forced", "pruned", "kept"]).describe("kept: a tag that differs there"),
        from: z.string().optional().describe("Its commit before"),
        to: z.string().optional().describe("Its commit now"),
      }),
    )
    .describe("Refs that changed"),
  more_refs: z.number().int().optional().describe("Refs that changed too"),
};
