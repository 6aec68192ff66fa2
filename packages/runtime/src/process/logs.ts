import { createRequire } from "node:module";
import { isatty } from "node:tty";
import { redact } from "@mcp-reference/security";
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

const levels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
type Level = (typeof levels)[number];

export interface LogSettings {
  /** Short name of the server, on every line. */
  server: string;
  level: Level;
  /** Values that no line may hold, beside everything that looks like a secret; a set may grow. */
  secrets?: Iterable<string> | undefined;
  /** Takes the JSON lines in place of stderr. */
  write?: ((line: string) => void) | undefined;
}

/** A logger that writes at once, so that nothing is lost when the process ends: JSON lines, or readable ones on a terminal. */
export const createLogger = (settings: LogSettings): Logger => fromFirstLine(settings.level, () => open(settings));

/** Makes the logger with the first line there is to log: a start seldom has one, and pino takes 13 ms of it. */
function fromFirstLine(level: Level, make: () => Logger): Logger {
  let made: Logger | undefined;
  const logger = () => {
    made ??= make();
    return made;
  };
  const at = (name: Level): LogMethod => {
    if (levels.indexOf(name) < levels.indexOf(level)) return () => {};
    return (fields: object | string, message?: string) => logger()[name](fields as object, message);
  };
  return {
    trace: at("trace"),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    fatal: at("fatal"),
    child: (fields) => fromFirstLine(level, () => logger().child(fields)),
  };
}

function open({ server, level, secrets = [], write = writeToStderr }: LogSettings): Logger {
  const { pino, stdTimeFunctions }: typeof import("pino") = createRequire(import.meta.url)("pino");
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
        const safe = redactEntry(JSON.parse(line), [...secrets]) as LogEntry;
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
