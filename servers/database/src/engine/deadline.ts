import { ToolError } from "@mcp-reference/validation";

/** A timer that is longer goes off at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs `work` for at most `timeoutMs`, if that is given.
 * @param late the error for one that took longer
 * @throws what `signal` was aborted with; ToolError TIMEOUT
 */
export async function within<T>(
  timeoutMs: number | undefined,
  signal: AbortSignal,
  work: (deadline: AbortSignal) => Promise<T>,
  late: (timeoutMs: number) => ToolError = ranTooLong,
): Promise<T> {
  if (timeoutMs === undefined) return work(signal);
  // Not AbortSignal.any: Node 20 may collect a combined signal before it has aborted.
  const deadline = new AbortController();
  const cancel = () => deadline.abort(signal.reason);
  const timer = setTimeout(() => deadline.abort(late(timeoutMs)), Math.min(timeoutMs, LONGEST_TIMER_MS));
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

const ranTooLong = (milliseconds: number) =>
  new ToolError("TIMEOUT", `the statement ran longer than ${milliseconds} ms and was stopped`, {
    hint: "Narrow it with WHERE or LIMIT, look at explain_query, or raise timeout_ms",
  });
