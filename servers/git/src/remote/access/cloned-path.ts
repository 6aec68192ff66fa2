import { ToolError } from "@mcp-reference/validation";

/** The directory that a clone is made in when none is named: the last name in the URL. @throws ToolError INVALID_ARGUMENT */
export function clonedPath(url: string): string {
  const name = /([^/\\:?#]+?)(?:\.git)?\/*(?:[?#].*)?$/.exec(url)?.[1];
  if (name !== undefined && /^[\w][\w.-]*$/.test(name)) return name;
  throw new ToolError("INVALID_ARGUMENT", "the URL does not tell what to call the directory", { hint: "Give path" });
}
