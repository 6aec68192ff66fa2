import { ToolError } from "@mcp-reference/validation";
import type { LineRange } from "./read-text.js";

/** The lines a caller asked for: at most one of a range, `head` and `tail`. */
export interface LineSelection extends LineRange {
  /** That many lines at the start. */
  head?: number | undefined;
}

/**
 * @returns undefined when the whole file is meant
 * @throws ToolError INVALID_ARGUMENT when ways to select contradict each other
 */
export function lineRange({ head, tail, offset, limit }: LineSelection): LineRange | undefined {
  const ways = [
    head !== undefined && "head",
    tail !== undefined && "tail",
    (offset ?? limit) !== undefined && "offset or limit",
  ];
  const used = ways.filter((way) => way !== false);
  if (used.length > 1) {
    throw new ToolError("INVALID_ARGUMENT", `${used.join(" and ")} cannot be used together`, {
      hint: "Use head, or tail, or offset with limit",
    });
  }
  if (used.length === 0) return undefined;
  return tail === undefined ? { offset, limit: head ?? limit } : { tail };
}
