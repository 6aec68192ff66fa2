import { closeSync, constants, fchmodSync, fstatSync, openSync, writeSync } from "node:fs";

/** One call as the audit log keeps it: who did what with which outcome, never what was in it. */
export interface AuditEntry {
  /** Who called. */
  principal: string;
  tool: string;
  /** `digest()` of the arguments: equal arguments give equal digests. */
  argumentDigest: string;
  /** `ok` or an error code. */
  outcome: string;
  durationMs: number;
}

export interface AuditLog {
  record(entry: AuditEntry): void;
}

/** Writes each entry as one line of JSON, the time (ISO 8601, UTC) first; `write` gets the line with its newline. */
export function createAuditLog(write: (line: string) => void): AuditLog {
  return {
    record({ principal, tool, argumentDigest, outcome, durationMs }) {
      const time = new Date().toISOString();
      write(`${JSON.stringify({ time, principal, tool, argumentDigest, outcome, durationMs })}\n`);
    },
  };
}

export interface AuditFile extends AuditLog {
  close(): void;
}

/**
 * An audit log appended to a file that only its owner can read. A line is written before `record` returns, in one
 * piece also beside other processes; when that fails, `record` throws.
 */
export function openAuditFile(path: string): AuditFile {
  const { O_APPEND, O_CREAT, O_WRONLY } = constants;
  const descriptor = openSync(path, O_APPEND | O_CREAT | O_WRONLY, 0o600);
  // A terminal or /dev/null is not ours to close to others.
  if (fstatSync(descriptor).isFile()) fchmodSync(descriptor, 0o600);
  const log = createAuditLog((line) => writeSync(descriptor, line));
  return { ...log, close: () => closeSync(descriptor) };
}
