import { ToolError } from "@mcp-reference/validation";

/** The error for an index that git could not have written. @param what completes "the index …" */
export const damagedIndex = (what: string): ToolError =>
  new ToolError("UPSTREAM", `The index is damaged: it ${what}`, {
    hint: "Remove .git/index and run `git reset` to build it again from HEAD",
  });
