import { writeSync } from "node:fs";

const NOTHING: Buffer = Buffer.alloc(0);
const WAITS = 20;
const WAIT_MS = 5;

/** The end of a line of which stderr has taken the beginning. */
let torn = NOTHING;
/** Set while nobody seems to read: then lines are tried once and dropped. */
let full = false;

/**
 * Writes a line before it returns, so that nothing is lost when the process ends. A client that closes stderr, or never reads
 * it, costs lines but not the server; a line is written whole or not at all.
 */
export function writeToStderr(line: string): void {
  torn = write(torn);
  if (torn.length > 0) return;
  const bytes = Buffer.from(line);
  const rest = write(bytes);
  if (rest.length < bytes.length) torn = rest;
}

/** @returns what could not be written. */
function write(bytes: Buffer): Buffer {
  let rest = bytes;
  let waits = full ? WAITS : 0;
  while (rest.length > 0) {
    try {
      // Asking process.stderr for its descriptor makes a pipe non-blocking: a full one says EAGAIN instead of stopping the server for good.
      rest = rest.subarray(writeSync(process.stderr.fd, rest));
      full = false;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return NOTHING;
      full = waits++ >= WAITS;
      if (full) return rest;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
    }
  }
  return rest;
}
