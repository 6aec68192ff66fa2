import type { ServerContext } from "@modelcontextprotocol/server";

const EVERY_MS = 15_000;

/**
 * Tells a 2025-era client that its call is alive while a person thinks: its own time limit (60 s in most) runs on.
 * A 2026 client has its answer already and calls again, so it is told nothing.
 * @returns stops it
 */
export function remindWhileWaiting(context: ServerContext): () => void {
  const { signal, _meta, envelope, notify } = context.mcpReq;
  const progressToken = _meta?.progressToken;
  if (envelope !== undefined || progressToken === undefined) return () => {};
  let progress = 0;
  const timer = setInterval(() => {
    progress += 1;
    const params = { progressToken, progress, message: "Waiting for an answer" };
    notify({ method: "notifications/progress", params }).catch(stop);
  }, EVERY_MS);
  const stop = () => clearInterval(timer);
  timer.unref();
  signal.addEventListener("abort", stop, { once: true });
  return stop;
}
