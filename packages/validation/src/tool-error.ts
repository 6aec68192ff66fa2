/** Every way a call can fail that the model may read about. */
export const errorCodes = [
  "INVALID_ARGUMENT",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "OUTSIDE_ROOT",
  "CONFLICT",
  "AMBIGUOUS",
  "TOO_LARGE",
  "UNSUPPORTED",
  "RATE_LIMITED",
  "TIMEOUT",
  "CANCELLED",
  "DECLINED",
  "UNAVAILABLE",
  "UPSTREAM",
  "UNKNOWN",
  "INTERNAL",
] as const;

/** `UNKNOWN` means the effect may have happened: never repeat such a call unasked. */
export type ErrorCode = (typeof errorCodes)[number];

export interface ToolErrorOptions {
  /** What to do about it, as one imperative sentence: the model acts on it. */
  hint?: string | undefined;
  /** Milliseconds after which the same call may succeed. */
  retryAfterMs?: number | undefined;
  /** Machine-readable facts for `_meta`; JSON values only. */
  details?: Record<string, unknown> | undefined;
  /** For the log, never for the model. */
  cause?: unknown;
}

/** Characters: messages repeat what callers sent, which may be anything. */
const LONGEST_MESSAGE = 4000;

/**
 * The only error whose words reach the model. Anything else that is thrown becomes
 * `INTERNAL` with a correlation id, and its text goes to the log alone.
 */
export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: ToolErrorOptions = {}) {
    super(message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message, {
      cause: options.cause,
    });
    this.code = code;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
  }

  /** `CODE: what happened. What to do.` — the whole error in one line. */
  toLine(): string {
    return [`${this.code}: ${asSentence(this.message)}`, this.hint && asSentence(this.hint)].filter(Boolean).join(" ");
  }
}

const asSentence = (words: string) => (/[.!?]$/.test(words) ? words : `${words}.`);
