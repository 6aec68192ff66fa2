import { ToolError } from "@mcp-reference/validation";

/**
 * Runs `work` for at most `timeoutMs`, if that is given.
 * @throws ToolError TIMEOUT
 */
export async function within<T>(
  timeoutMs: number | undefined,
  signal: AbortSignal,
  work: (deadline: AbortSignal) => Promise<T>,
): Promise<T> {
  if (timeoutMs === undefined) return work(signal);
  // Not AbortSignal.any: Node 20 may collect a combined signal before it has aborted.
  const deadline = new AbortController();
  const cancel = () => deadline.abort(signal.reason);
  const timer = setTimeout(() => deadline.abort(timeout(timeoutMs)), timeoutMs);
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await work(deadline.signal);
  } catch (error) {
    throw deadline.signal.aborted ? deadline.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
  }
}

const timeout = (milliseconds: number) =>
  new ToolError("TIMEOUT", `the statement ran longer than ${milliseconds} ms and was stopped`, {
    hint: "Narrow it with WHERE or LIMIT, look at explain_query, or raise timeout_ms",
  });
