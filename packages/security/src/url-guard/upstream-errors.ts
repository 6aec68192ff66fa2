import { ToolError } from "@mcp-reference/validation";
import { errnoOf } from "../path-sandbox/errno.js";

const REASONS: Record<string, string> = {
  ECONNREFUSED: "refused the connection",
  ECONNRESET: "broke off the connection",
  EPIPE: "broke off the connection",
  UND_ERR_SOCKET: "broke off the connection",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "broke off the connection",
  ETIMEDOUT: "does not answer",
  EHOSTUNREACH: "cannot be reached",
  ENETUNREACH: "cannot be reached",
  UND_ERR_CONNECT_TIMEOUT: "does not answer",
  UND_ERR_HEADERS_TIMEOUT: "does not answer",
  UND_ERR_BODY_TIMEOUT: "stopped sending",
  ENOTFOUND: "is not known to the name server",
  EAI_AGAIN: "could not be looked up: the name server does not answer",
};

/** A failed exchange with a host in one line; a ToolError stays what it is. */
export function asToolError(error: unknown, host: string): ToolError {
  const known = within(error).find((cause) => cause instanceof ToolError);
  if (known) return known;
  const codes = within(error).map((cause) => errnoOf(cause) ?? "");
  const reason = codes.map((code) => REASONS[code]).find((words) => words !== undefined);
  if (reason) return new ToolError("UNAVAILABLE", `${host} ${reason}`, { cause: error });
  if (codes.some((code) => /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(code))) {
    return new ToolError("UNAVAILABLE", `the certificate or TLS of ${host} is not accepted`, { cause: error });
  }
  if (codes.some((code) => code.startsWith("HPE_"))) {
    return new ToolError("UPSTREAM", `${host} does not speak HTTP`, { cause: error });
  }
  return new ToolError("UNAVAILABLE", `the exchange with ${host} failed`, { cause: error });
}

/** An error, those it is made of, and its causes, a few levels down. */
function within(error: unknown, depth = 4): unknown[] {
  if (depth === 0 || !(error instanceof Error)) return [];
  const parts = error instanceof AggregateError ? error.errors : [];
  return [error, ...[...parts, error.cause].flatMap((part) => within(part, depth - 1))];
}
