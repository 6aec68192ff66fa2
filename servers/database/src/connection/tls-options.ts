import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import * as tls from "node:tls";
import { errnoOf } from "@mcp-reference/security";

/** What was asked for, in libpq's words. */
export interface TlsRequest {
  host: string;
  /** `sslmode`; undefined for the default. */
  mode: string | undefined;
  /** `sslrootcert`: a PEM file, or `system`. */
  caFile: string | undefined;
  certFile: string | undefined;
  keyFile: string | undefined;
  /** The server must prove itself in the password exchange too. */
  bindsChannel: boolean;
}

/**
 * TLS options for a connection, or false for none. `prefer` and `allow` would let an attacker choose no TLS, so they count
 * as not said: verify-full, and disable for this machine.
 * @param problem takes a line for everything that is wrong
 */
export function tlsOptions(request: TlsRequest, problem: (line: string) => void): tls.ConnectionOptions | false {
  const mode = effectiveMode(request, problem);
  if (mode === "disable") return false;
  const { caFile, certFile, keyFile } = request;
  if (caFile === "system" && mode !== "verify-full") problem("with sslrootcert=system, sslmode must be verify-full");
  if (mode === "verify-ca" && caFile === undefined) {
    problem("sslmode verify-ca needs the authority: give --ca-file, or use verify-full");
  }
  const authorities =
    caFile === undefined ? undefined : caFile === "system" ? systemAuthorities() : read(caFile, problem);
  return {
    ...(authorities && { ca: authorities }),
    ...(certFile && { cert: read(certFile, problem) }),
    ...(keyFile && { key: read(keyFile, problem) }),
    // As in libpq: with an authority given, `require` checks the chain.
    ...(mode === "require" && !authorities && { rejectUnauthorized: false }),
    ...((mode === "verify-ca" || (mode === "require" && authorities)) && { checkServerIdentity: () => undefined }),
  };
}

type Mode = "disable" | "require" | "verify-ca" | "verify-full";

function effectiveMode({ host, mode, caFile, bindsChannel }: TlsRequest, problem: (line: string) => void): Mode {
  switch (mode) {
    case "disable":
    case "verify-ca":
    case "verify-full":
      return mode;
    case "require":
      // pg cannot insist on channel binding, whose point is to know the server: a checked certificate tells as much.
      return bindsChannel ? "verify-full" : mode;
    case undefined:
    case "prefer":
    case "allow":
      return isThisMachine(host) && caFile === undefined ? "disable" : "verify-full";
    default:
      problem("has an sslmode that is none of disable, require, verify-ca, verify-full");
      return "verify-full";
  }
}

const isThisMachine = (host: string) =>
  host === "localhost" || host === "::1" || host.startsWith("/") || (isIP(host) === 4 && host.startsWith("127."));

/** Those Node brings, and the machine's own where Node can read them (22.15). */
function systemAuthorities(): string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: "system") => string[] };
  return [...tls.rootCertificates, ...(getCACertificates?.("system") ?? [])];
}

function read(file: string, problem: (line: string) => void): string {
  try {
    const text = readFileSync(file, "utf8");
    if (!text.includes("-----BEGIN ")) problem(`${file} is not a PEM file`);
    return text;
  } catch (error) {
    problem(`${file} cannot be read (${errnoOf(error) ?? String(error)})`);
    return "";
  }
}
