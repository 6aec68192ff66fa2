import { attachment, type CallContext } from "@mcp-reference/runtime";
import { diffPage } from "../reading/differences/diff-page.js";
import type { FileChange } from "../repository/diff/types.js";
import type { Repository } from "../repository/repository.js";

/**
 * A patch as an attachment, cut after the last file that fits.
 * @returns the message, and a sentence for the reader where it is only a part
 */
export async function attachDiff(
  repo: Repository,
  changes: readonly FileChange[],
  { maxOutput, signal }: Pick<CallContext, "maxOutput" | "signal">,
) {
  const request = { changes, format: "patch", context: 3, maxBytes: maxOutput, signal } as const;
  const { body, left, cut } = await diffPage(repo, request);
  const missing = [
    cut && `only the beginning of ${cut} is attached`,
    left > 0 && `${left} of ${changes.length} changed files are not attached`,
  ].filter(Boolean);
  return {
    message: attachment("git:diff", body, "text/x-diff"),
    note: missing.length > 0 ? ` Note: ${missing.join("; ")}.` : "",
  };
}
