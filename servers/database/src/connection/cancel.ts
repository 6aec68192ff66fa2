import { Connection } from "pg";
import type { ConnectionSettings } from "./settings.js";

/** Longest a cancel request may take. */
const CANCEL_MS = 2_000;

/** How a server knows which backend to interrupt: what BackendKeyData told. */
export interface BackendKey {
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/**
 * Asks the server, on a new socket, to end what a connection runs; over TLS where the connection is, which pg's own
 * cancel does not do. Resolves when the server has taken the request or cannot be asked; never throws.
 */
export function sendCancel(
  { processID, secretKey }: BackendKey,
  { host, port, ssl, sslNegotiation }: Pick<ConnectionSettings, "host" | "port" | "ssl" | "sslNegotiation">,
): Promise<void> {
  if (processID === null || secretKey === null) return Promise.resolve();
  return new Promise((resolve) => {
    const connection = new Connection({ ssl, sslNegotiation });
    const done = () => {
      clearTimeout(timer);
      connection.stream.destroy();
      resolve();
    };
    const timer = setTimeout(done, CANCEL_MS);
    const cancel = () => connection.cancel(processID, secretKey);
    connection.on("error", done);
    // The server closes the socket once the request has been carried out.
    connection.on("end", done);
    connection.on("connect", () => {
      if (!ssl) cancel();
      else if (sslNegotiation !== "direct") connection.requestSsl();
    });
    connection.on("sslconnect", cancel);
    if (host.startsWith("/")) connection.connect(socketPath(host, port));
    else connection.connect(port, host);
  });
}

/** Where a server listens in a directory of sockets. */
const socketPath = (directory: string, port: number) => `${directory}/.s.PGSQL.${port}`;
