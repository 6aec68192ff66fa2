import { secretSpellings } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";

const REDACTED = "[redacted]";

/** Takes configured secrets out of what leaves the process. */
export interface SecretKeeper {
  <T>(value: T): T;
  error(error: ToolError): ToolError;
}

/**
 * Takes configured secrets out of values and keys, wherever a handler may have let one in, as they are and as JSON, URLs
 * and CSV spell them. What only looks like a secret stays: contents must not be falsified.
 * @param secrets values that must never leave the process
 */
export function secretKeeper(secrets: readonly string[]): SecretKeeper {
  // The longest first: a secret may begin with another one.
  const spelled = [...new Set(secrets.flatMap(secretSpellings))].sort((a, b) => b.length - a.length);
  const clean = (words: string) => spelled.reduce((left, secret) => left.replaceAll(secret, REDACTED), words);
  const keep = <T>(value: T): T => (spelled.length === 0 ? value : (mapStrings(value, clean) as T));
  return Object.assign(keep, {
    error: (error: ToolError) => {
      const { code, message, hint, retryAfterMs, details, cause } = error;
      return new ToolError(code, keep(message), { hint: keep(hint), retryAfterMs, details: keep(details), cause });
    },
  });
}

/** A copy with every string changed, keys too; anything but plain data stays what it is. */
function mapStrings(value: unknown, change: (words: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((member) => mapStrings(member, change));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [change(key), mapStrings(member, change)]));
}
