import { ToolError } from "@mcp-reference/validation";

/**
 * Runs `work` with a signal that aborts on the deadline and with any of `sources`, and settles at that moment
 * even when `work` takes no notice. Sources that abort afterwards are ignored.
 * @throws ToolError TIMEOUT or CANCELLED
 */
export async function withDeadline<T>(
  seconds: number,
  sources: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason), { once: true });
  });
  const cancel = () => controller.abort(new ToolError("CANCELLED", "the call was cancelled"));
  const timer = setTimeout(() => {
    const hint = "Ask for less at once, or raise --timeout";
    controller.abort(new ToolError("TIMEOUT", `the call took longer than ${seconds} s`, { hint }));
  }, seconds * 1000);

  for (const source of sources) source.addEventListener("abort", cancel, { once: true });
  try {
    if (sources.some((source) => source.aborted)) cancel();
    return await Promise.race([stopped, controller.signal.aborted ? stopped : work(controller.signal)]);
  } finally {
    clearTimeout(timer);
    for (const source of sources) source.removeEventListener("abort", cancel);
  }
}
