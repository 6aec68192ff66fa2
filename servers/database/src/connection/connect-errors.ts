import { ToolError } from "@mcp-reference/validation";
import type { ConnectionSettings } from "./settings.js";
import { fromPostgres, isServerError, line } from "./sqlstate.js";

/** No password was configured, and the server asked for one. */
export class PasswordMissing extends Error {
  override readonly name = "PasswordMissing";
}

/** Why a connection could not be made, with what to do about it. */
export function connectError(error: unknown, settings: ConnectionSettings): ToolError {
  const server = serverOf(settings);
  if (!(error instanceof Error)) return unavailable(`${server} cannot be reached`, error);
  if (error instanceof PasswordMissing) return passwordMissing(settings, error);
  if (isServerError(error)) return refused(error, settings);
  return certificateProblem(error, settings) ?? networkProblem(error, settings);
}

export const serverOf = ({ host, port }: Pick<ConnectionSettings, "host" | "port">) =>
  host.startsWith("/") ? `${host} (port ${port})` : `${host.includes(":") ? `[${host}]` : host}:${port}`;

function passwordMissing(settings: ConnectionSettings, cause: Error): ToolError {
  return new ToolError(
    "PERMISSION_DENIED",
    `${serverOf(settings)} asks for the password of ${settings.user}, and none is set`,
    {
      hint: "Put it into the database's URL, PGPASSWORD or ~/.pgpass",
      cause,
    },
  );
}

/** The server answered, and did not let us in. */
function refused(error: Error & { code: string }, settings: ConnectionSettings): ToolError {
  const { code, message, hint, retryAfterMs, details } = fromPostgres(error);
  const hints: Record<string, string> = {
    "42501": "Let its owner GRANT CONNECT on the database to this role",
    "08P01": "A pooler may refuse the options in the URL: take them out",
  };
  const needsTls = /no encryption|SSL off/.test(message) && "The server wants TLS: set sslmode=verify-full";
  return new ToolError(code, `${serverOf(settings)} refused the connection: ${message}`, {
    hint: needsTls || (hints[error.code] ?? hint),
    retryAfterMs,
    details,
    cause: error,
  });
}

const UNTRUSTED = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);

function certificateProblem(error: Error, settings: ConnectionSettings): ToolError | undefined {
  const server = serverOf(settings);
  const code = codeOf(error);
  if (/does not support SSL/.test(error.message)) {
    return unavailable(`${server} does not speak TLS, and sslmode asks for it`, error, {
      hint: "Turn TLS on in the server; or, where the network can be trusted, set --ssl-mode disable",
    });
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return unavailable(`the certificate of ${server} is for another name (${line(error.message, 300)})`, error, {
      hint: "Connect by a name in the certificate; --ssl-mode verify-ca with --ca-file checks the authority alone",
    });
  }
  if (UNTRUSTED.has(code)) {
    return unavailable(`the certificate of ${server} is from an authority that is not trusted here (${code})`, error, {
      hint:
        "Give the authority's PEM file with --ca-file; providers offer it for download, on Amazon RDS it is global-bundle.pem. " +
        "--ssl-mode require encrypts without knowing the server",
    });
  }
  if (/^(CERT_|ERR_TLS|ERR_SSL|EPROTO)/.test(code)) {
    return unavailable(`TLS with ${server} failed: ${line(error.message, 300)}`, error, {
      hint: "Check the server's certificate, and sslmode in the URL",
    });
  }
  return undefined;
}

const NETWORK: Record<string, [what: string, hint: string]> = {
  ECONNREFUSED: ["nothing listens there", "Start the server, or correct host and port in its URL"],
  ENOENT: ["there is no such socket", "Start the server, or correct the directory in its URL"],
  EACCES: ["the socket may not be used", "Give this user access to the socket"],
  ENOTFOUND: ["the name is not known", "Correct the host in its URL"],
  EAI_AGAIN: ["the name cannot be looked up now", "Check the network's name servers"],
  ETIMEDOUT: ["it does not answer", "Check host, port and firewall"],
  EHOSTUNREACH: ["there is no way to that host", "Check the network, or the VPN"],
  ENETUNREACH: ["there is no way to that network", "Check the network, or the VPN"],
};

function networkProblem(error: Error, settings: ConnectionSettings): ToolError {
  const server = serverOf(settings);
  if (error.message === "timeout expired") {
    return unavailable(`${server} did not answer within ${settings.connectTimeoutMs} ms`, error, {
      hint: "Check host, port and firewall, or raise --connect-timeout",
      retryAfterMs: 1000,
    });
  }
  const code = codeOf(error);
  const [what, hint] = NETWORK[code] ?? [line(error.message, 300), "Check that a PostgreSQL server is there"];
  return unavailable(`${server} cannot be reached: ${what}${code && ` (${code})`}`, error, {
    hint,
    retryAfterMs: 1000,
  });
}

/** A name with several addresses fails with an AggregateError, whose parts say why. */
function codeOf(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  const [first] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? codeOf(first) : "";
}

const unavailable = (message: string, cause: unknown, rest: { hint?: string; retryAfterMs?: number } = {}) =>
  new ToolError("UNAVAILABLE", message, { ...rest, cause });
