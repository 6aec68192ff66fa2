import { type ErrorCode, ToolError } from "@mcp-reference/validation";

/** What is known about the statement that failed. */
export interface FailureContext {
  /** The SQL that positions count in; without it an error has no line and column. */
  sql?: string | undefined;
}

interface Meaning {
  code: ErrorCode;
  hint?: string;
  retryAfterMs?: number;
}

/** By SQLSTATE; a class of two characters stands for all of it that is not named. */
const MEANINGS: Record<string, Meaning> = {
  "08": { code: "UNAVAILABLE", hint: "Try again; a new connection is made" },
  "0A": { code: "UNSUPPORTED" },
  "21": { code: "INVALID_ARGUMENT" },
  "22": { code: "INVALID_ARGUMENT" },
  "23": { code: "CONFLICT" },
  "23502": { code: "INVALID_ARGUMENT" },
  "23514": { code: "INVALID_ARGUMENT" },
  "25": { code: "CONFLICT" },
  "25001": { code: "PERMISSION_DENIED", hint: "The transaction is read-only and stays so" },
  "25006": { code: "PERMISSION_DENIED", hint: "Only reading is allowed here" },
  "25P03": { code: "CONFLICT", hint: "Run the query again" },
  "28": {
    code: "PERMISSION_DENIED",
    hint: "Check user and password in the database's URL, and pg_hba.conf on the server",
  },
  "2B": { code: "CONFLICT" },
  "34": { code: "CONFLICT", hint: "Run the query again" },
  "3D": { code: "NOT_FOUND", hint: "Check the database's name in its URL" },
  "3F": { code: "NOT_FOUND", hint: "List what there is with search_objects" },
  "40": { code: "CONFLICT", hint: "Run it again", retryAfterMs: 100 },
  "40003": { code: "UNKNOWN", hint: "Look whether it happened before doing it again" },
  "42": { code: "INVALID_ARGUMENT" },
  "42501": { code: "PERMISSION_DENIED", hint: "The database role lacks the privilege; its owner can GRANT it" },
  "42703": { code: "NOT_FOUND", hint: "See the columns with describe_object" },
  "42704": { code: "NOT_FOUND" },
  "42883": { code: "NOT_FOUND" },
  "42P01": { code: "NOT_FOUND", hint: "Find its name and schema with search_objects" },
  "42P02": { code: "INVALID_ARGUMENT", hint: "Give a value in params for every $1, $2, …" },
  "42P04": { code: "ALREADY_EXISTS" },
  "42P06": { code: "ALREADY_EXISTS" },
  "42P07": { code: "ALREADY_EXISTS" },
  "42701": { code: "ALREADY_EXISTS" },
  "42710": { code: "ALREADY_EXISTS" },
  "42723": { code: "ALREADY_EXISTS" },
  "44": { code: "INVALID_ARGUMENT" },
  "53": { code: "UNAVAILABLE", hint: "The server is short of resources; try again later", retryAfterMs: 5000 },
  "53300": { code: "UNAVAILABLE", hint: "Close other connections, or lower --pool-size", retryAfterMs: 2000 },
  "53400": { code: "TOO_LARGE", hint: "A limit that the server's owner set is reached; select less" },
  "54": { code: "TOO_LARGE", hint: "Make the statement smaller or simpler" },
  "55": { code: "CONFLICT" },
  "55P03": { code: "CONFLICT", hint: "Another session holds the lock; try again later", retryAfterMs: 1000 },
  "57": { code: "UNAVAILABLE", hint: "Try again", retryAfterMs: 1000 },
  "57014": { code: "CANCELLED" },
  "58": { code: "UPSTREAM" },
  "72": { code: "CONFLICT", hint: "Run the query again" },
  F0: { code: "UPSTREAM" },
  HV: { code: "UPSTREAM", hint: "The foreign server behind the table failed" },
  P0: { code: "UPSTREAM", hint: "A function in the database raised this" },
  XX: { code: "UPSTREAM", hint: "The server's log says more" },
};

/** A statement timeout has the state of a cancel; its words are the server's language's, this one is English's. */
const STATEMENT_TIMEOUT: Meaning = {
  code: "TIMEOUT",
  hint: "Make the query cheaper (explain_query shows its cost), or give a longer timeout_ms",
};
const LOST: Meaning = { code: "UNAVAILABLE", hint: "Try again; a new connection is made", retryAfterMs: 1000 };

/** What pg says by words alone when a connection is gone. */
const LOST_WORDS = /^(Connection terminated|Client (was closed|has encountered a connection error))/;

/**
 * What PostgreSQL or the connection to it reported, in our terms: the server's own message, detail and hint, each one bounded
 * line; the SQLSTATE and what it names are in `details`. A ToolError comes back as it is.
 * @throws the error itself when it is something else: a mistake of ours
 */
export function fromPostgres(error: unknown, context: FailureContext = {}): ToolError {
  if (error instanceof ToolError) return error;
  if (isServerError(error)) return fromServer(error, context);
  if (isLostConnection(error)) {
    const words = error.code ?? error.message;
    return toolError(LOST, `the connection to the database was lost (${line(words, 200)})`, { cause: error });
  }
  throw error;
}

interface ServerError extends Error {
  code: string;
  severity: string;
  detail?: string | undefined;
  hint?: string | undefined;
  position?: string | undefined;
  internalQuery?: string | undefined;
  schema?: string | undefined;
  table?: string | undefined;
  column?: string | undefined;
  constraint?: string | undefined;
}

function fromServer(error: ServerError, { sql }: FailureContext): ToolError {
  const meaning = meaningOf(error);
  const place = sql === undefined ? undefined : placeIn(sql, error.position);
  const message = [line(error.message, 1000), place && ` at ${place}`, error.detail && ` (${line(error.detail, 500)})`];
  const { code: sqlstate, schema, table, column, constraint } = error;
  const hint = [error.hint && line(error.hint, 500), meaning.hint].filter(Boolean).map(String);
  return toolError(
    { ...meaning, ...(hint.length > 0 && { hint: hint.map(withoutStop).join(". ") }) },
    message.join(""),
    {
      details: { sqlstate, ...defined({ schema, table, column, constraint, position: error.position }) },
      cause: error,
    },
  );
}

function meaningOf({ code, message }: ServerError): Meaning {
  if (code === "57014" && /statement timeout/.test(message)) return STATEMENT_TIMEOUT;
  return MEANINGS[code] ?? MEANINGS[code.slice(0, 2)] ?? { code: "UPSTREAM" };
}

function toolError(
  { code, hint, retryAfterMs }: Meaning,
  message: string,
  rest: { details?: Record<string, unknown>; cause: unknown },
): ToolError {
  return new ToolError(code, message, { hint, retryAfterMs, ...rest });
}

/** "line 2, column 8" of a position that counts characters, not UTF-16 units, from 1. */
function placeIn(sql: string, position: string | undefined): string | undefined {
  const at = Number(position);
  if (!Number.isInteger(at) || at < 1) return undefined;
  const lines = [...sql]
    .slice(0, at - 1)
    .join("")
    .split("\n");
  return `line ${lines.length}, column ${[...(lines.at(-1) ?? "")].length + 1}`;
}

export const isServerError = (error: unknown): error is ServerError =>
  error instanceof Error && "severity" in error && "code" in error && /^[\dA-Z]{5}$/.test(String(error.code));

function isLostConnection(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error)) return false;
  return ("syscall" in error && "code" in error) || LOST_CODES.has(codeOf(error)) || LOST_WORDS.test(error.message);
}

const LOST_CODES = new Set([
  "ECONNRESET",
  "EPIPE",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_WRITE_AFTER_END",
  "ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
]);
const codeOf = (error: Error) => ("code" in error ? String(error.code) : "");

/** One line of at most so many characters. */
export const line = (text: string, most: number) => {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length > most ? `${flat.slice(0, most)}…` : flat;
};

const withoutStop = (sentence: string) => sentence.replace(/\.$/, "");

const defined = (members: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
