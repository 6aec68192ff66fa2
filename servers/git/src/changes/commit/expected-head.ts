import { ToolError } from "@mcp-reference/validation";
import type { Head } from "../../repository/refs/types.js";

/**
 * Refuses to go on from another commit than the caller has seen.
 * @param expected id or at least 7 first characters of it; undefined: any
 * @throws ToolError CONFLICT; INVALID_ARGUMENT for what is no id
 */
export function checkExpectedHead(head: Head, expected: string | undefined): void {
  if (expected === undefined) return;
  const wanted = expected.toLowerCase();
  if (!/^[0-9a-f]{7,40}$/.test(wanted)) {
    throw new ToolError("INVALID_ARGUMENT", "expected_head must be a commit id of 7 to 40 hexadecimal digits");
  }
  if (head.oid?.startsWith(wanted)) return;
  throw new ToolError("CONFLICT", `HEAD is ${head.oid ?? "without a commit"} now, not ${wanted}`, {
    hint: "Look at what changed, then try again with the new id",
  });
}
