import { ToolError } from "@mcp-reference/validation";

/** Data that git itself would call corrupt. @param what such as "object 1234…" */
export const damaged = (what: string, cause?: unknown): ToolError =>
  new ToolError("UPSTREAM", `The repository is damaged: ${what}`, {
    hint: "Run git fsck to see what can be saved",
    cause,
  });

/** Is this an error of {@link damaged}? There may be another copy. */
export const isDamaged = (error: unknown): boolean => error instanceof ToolError && error.code === "UPSTREAM";

/** An object over the limit. @param size in bytes */
export const tooLarge = (size: number, most: number): ToolError =>
  new ToolError("TOO_LARGE", `An object of ${size} bytes is larger than the ${most} that this server reads`);
