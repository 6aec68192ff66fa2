import { randomUUID } from "node:crypto";
import { ToolError } from "@mcp-reference/validation";
import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
} from "@modelcontextprotocol/server";
import { ConfigError } from "../config/config-error.js";
import type { Logger } from "../process/logs.js";

/** Whatever was thrown, as an error the model may read: what nobody foresaw goes to the log under an id. */
export function toToolError(thrown: unknown, log: Logger): ToolError {
  if (thrown instanceof ToolError) {
    if (thrown.cause !== undefined) log.debug({ err: thrown.cause }, thrown.message);
    return thrown;
  }
  if (thrown instanceof ConfigError) return new ToolError("UNAVAILABLE", thrown.problems.join("; "));
  const id = randomUUID().slice(0, 8);
  log.error({ err: thrown ?? new Error("nothing was thrown"), id }, "a call failed unexpectedly");
  return new ToolError("INTERNAL", `the server failed; its log has the cause under id ${id}`, { details: { id } });
}

/** A tool's error: all of it in the text, and again for machines in `_meta`. */
export function errorResult(error: ToolError): CallToolResult {
  return { isError: true, content: [{ type: "text", text: error.toLine() }], _meta: { error: errorData(error) } };
}

/** A resource's or prompt's error: these have no error results, so it becomes a protocol error. */
export function toProtocolError(error: ToolError, uri?: string): ProtocolError {
  if (error.code === "NOT_FOUND" && uri !== undefined) return new ResourceNotFoundError(uri, error.toLine());
  const code = error.code === "INTERNAL" ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams;
  return new ProtocolError(code, error.toLine(), errorData(error));
}

const errorData = ({ code, message, hint, retryAfterMs, details }: ToolError) => ({
  code,
  message,
  ...(hint !== undefined && { hint }),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
  ...(details !== undefined && { details }),
});
