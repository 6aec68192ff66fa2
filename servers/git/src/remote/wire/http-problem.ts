import type { GuardedResponse } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";

/** A status other than 200 in one line; what the page says is not repeated. */
export function httpProblem({ status, url, headers }: GuardedResponse, isAuthorized: boolean): ToolError {
  const { host } = url;
  if (status === 401 || (status === 403 && !isAuthorized)) {
    return isAuthorized
      ? new ToolError("PERMISSION_DENIED", `${host} does not accept the credentials configured for it`, {
          hint: "Check GIT_TOKEN, or GIT_USERNAME and GIT_PASSWORD, of the server's environment",
        })
      : new ToolError("PERMISSION_DENIED", `${host} asks for credentials, and none are configured for it`, {
          hint: "Start the server with GIT_TOKEN, or GIT_USERNAME and GIT_PASSWORD, and GIT_CREDENTIAL_HOST",
        });
  }
  if (status === 403)
    return new ToolError("PERMISSION_DENIED", `${host} does not allow this with the configured credentials`);
  if (status === 404 || status === 410) {
    return new ToolError("NOT_FOUND", `${host} knows no such repository, or hides it`, { hint: "Check the URL" });
  }
  if (status === 413) return new ToolError("TOO_LARGE", `${host} does not take that much at once`);
  if (status === 429) {
    const seconds = Number(headers["retry-after"]);
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
    return new ToolError("RATE_LIMITED", `${host} asks to wait`, { retryAfterMs, hint: "Try again later" });
  }
  if (status >= 500)
    return new ToolError("UNAVAILABLE", `${host} has a problem (HTTP ${status})`, { hint: "Try again later" });
  return new ToolError("UPSTREAM", `${host} answered with HTTP ${status}`);
}
