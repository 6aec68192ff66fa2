import type { Logger } from "./logs.js";

export interface StopSettings {
  /**
   * Stops accepting, waits for the calls in flight, cancels at `graceOver` those that are left, closes the services.
   * When it settles, or hangs for half a second after the grace, the process exits.
   */
  stop: (reason: string, graceOver: AbortSignal) => Promise<void>;
  /** Milliseconds that calls in flight have to finish. */
  graceMs?: number | undefined;
  log: Logger;
}

export interface Shutdown {
  /** Starts the stop, as when the client has closed stdin; later requests change nothing. */
  request(reason: string): void;
}

/** After the grace, before the process exits whatever still hangs. With the default grace the whole stop takes under 2 s. */
const CLOSING_MS = 500;

/**
 * Ties the process to its client: SIGTERM, SIGINT and `request` stop it in an orderly way, with exit code 0, or 1 when `stop` failed or hung.
 * A second signal exits at once. An error that nobody caught is logged and exits 1. A client that no longer reads stdout is gone, which is no error.
 */
export function runUntilStopped({ stop, graceMs = 1000, log }: StopSettings): Shutdown {
  let requested = false;
  let signals = 0;

  const request = (reason: string) => {
    if (requested) return;
    requested = true;
    log.debug({ reason }, "stopping");
    void stopWithin(graceMs, (graceOver) => stop(reason, graceOver), log).then((code) => process.exit(code));
  };
  const crash = (err: unknown, message: string) => {
    log.fatal({ err }, message);
    process.exit(1);
  };

  for (const [signal, number] of [
    ["SIGTERM", 15],
    ["SIGINT", 2],
  ] as const) {
    process.on(signal, () => {
      if (++signals > 1) process.exit(128 + number);
      request(signal);
    });
  }
  process.on("uncaughtException", (error) => crash(error, "uncaught exception"));
  process.on("unhandledRejection", (reason) => crash(reason, "unhandled rejection"));
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isGone(error)) request("stdout closed");
    else crash(error, "cannot write to stdout");
  });
  return { request };
}

const isGone = ({ code }: NodeJS.ErrnoException) =>
  code === "EPIPE" || code === "EOF" || code === "ECONNRESET" || code === "ERR_STREAM_DESTROYED";

/** The exit code: 1 when something was not closed as it should be. */
async function stopWithin(
  graceMs: number,
  stop: (graceOver: AbortSignal) => Promise<void>,
  log: Logger,
): Promise<0 | 1> {
  const grace = new AbortController();
  const timer = setTimeout(() => grace.abort(), graceMs);
  const hung = new Promise<1>((resolve) => {
    setTimeout(() => {
      log.error("stopped without closing everything: something did not end in time");
      resolve(1);
    }, graceMs + CLOSING_MS);
  });
  const stopped = Promise.resolve()
    .then(() => stop(grace.signal))
    .then(flushStdout)
    .then(
      () => 0 as const,
      (err: unknown) => {
        log.error({ err }, "stopping failed");
        return 1 as const;
      },
    );
  const code = await Promise.race([stopped, hung]);
  clearTimeout(timer);
  return code;
}

/** `process.exit` drops what a slow reader has not taken yet. */
const flushStdout = () => new Promise<void>((resolve) => process.stdout.write("", () => resolve()));
