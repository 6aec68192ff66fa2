import type { CallContext } from "../define/context.js";
import type { CallRequest } from "./calls.js";

/** Reports to a client that asked for progress, in rising numbers as the protocol wants, until the call has ended. */
export function progressReporter({ mcpReq }: CallRequest, signal: AbortSignal): CallContext["progress"] {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  let last = Number.NEGATIVE_INFINITY;
  return (progress, total, message) => {
    if (progress <= last || signal.aborted) return;
    last = progress;
    const params = { progressToken, progress, ...(total !== undefined && { total }), ...(message && { message }) };
    // A client that is gone is noticed by the transport, not here.
    mcpReq.notify({ method: "notifications/progress", params }).catch(() => {});
  };
}
