import { isatty } from "node:tty";
import { redact } from "@mcp-reference/security";
import { pino, stdTimeFunctions } from "pino";
import { type LogEntry, readableLine } from "./readable-line.js";
import { writeToStderr } from "./stderr.js";

/** Errors are given as `{ err }`. */
export interface LogMethod {
  (fields: object, message?: string): void;
  (message: string): void;
}

/** What servers log with; everything goes to stderr, with secrets taken out. */
export interface Logger {
  trace: LogMethod;
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
  fatal: LogMethod;
  child(fields: object): Logger;
}

export interface LogSettings {
  /** Short name of the server, on every line. */
  server: string;
  level: "fatal" | "error" | "warn" | "info" | "debug" | "trace";
  /** Values that no line may hold, beside everything that looks like a secret. */
  secrets?: readonly string[] | undefined;
  /** Takes the JSON lines in place of stderr. */
  write?: ((line: string) => void) | undefined;
}

/** A logger that writes at once, so that nothing is lost when the process ends: JSON lines, or readable ones on a terminal. */
export function createLogger({ server, level, secrets = [], write = writeToStderr }: LogSettings): Logger {
  const readable = write === writeToStderr && isatty(2);
  return pino(
    {
      base: { server },
      level,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      // The last place a line passes, whatever made it: nothing is logged around the redaction.
      write(line: string) {
        const safe = redactEntry(JSON.parse(line), secrets) as LogEntry;
        write(readable ? readableLine(safe) : `${JSON.stringify(safe)}\n`);
      },
    },
  );
}

/** Redacts string by string: JSON escapes would hide a secret from a search in the whole line. */
function redactEntry(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return redact(value, secrets);
  if (Array.isArray(value)) return value.map((item) => redactEntry(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => {
    const isSecret = typeof member === "string" && SECRET_NAME.test(name);
    return [redact(name, secrets), isSecret ? "[redacted]" : redactEntry(member, secrets)];
  });
  return Object.fromEntries(entries);
}

const SECRET_NAME = /password|passwd|passphrase|secret|token|api[-_]?key|private[-_]?key|authorization|cookie/i;
