import { secretSpellings } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";

const REDACTED = "[redacted]";

/** Takes secrets out of what leaves the process. */
export interface SecretKeeper {
  <T>(value: T): T;
  error(error: ToolError): ToolError;
}

/**
 * Takes secrets out of values and keys, wherever a handler may have let one in, as they are and as JSON, URLs
 * and CSV spell them. What only looks like a secret stays: contents must not be falsified.
 * @param secrets values that must never leave the process; the set may grow
 */
export function secretKeeper(secrets: ReadonlySet<string>): SecretKeeper {
  let spelled: string[] = [];
  let shortest = 0;
  let known = 0;
  // A result may hold a million values, and few are long enough to hold a secret.
  const clean = (words: string) =>
    words.length < shortest ? words : spelled.reduce((left, secret) => left.replaceAll(secret, REDACTED), words);
  const keep = <T>(value: T): T => {
    if (secrets.size === 0) return value;
    if (secrets.size !== known) {
      known = secrets.size;
      spelled = spellings(secrets);
      shortest = spelled.at(-1)?.length ?? 0;
    }
    return mapStrings(value, clean) as T;
  };
  return Object.assign(keep, {
    error: (error: ToolError) => {
      const { code, message, hint, retryAfterMs, details, cause } = error;
      return new ToolError(code, keep(message), { hint: keep(hint), retryAfterMs, details: keep(details), cause });
    },
  });
}

/** The longest first: a secret may begin with another one. */
function spellings(secrets: ReadonlySet<string>): string[] {
  const spelled = new Set([...secrets].flatMap(secretSpellings));
  spelled.delete("");
  return [...spelled].sort((a, b) => b.length - a.length);
}

/** The value with every string changed, keys too; anything but plain data stays what it is. Copies only what differs. */
function mapStrings(value: unknown, change: (words: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return mapMembers(value, change);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [change(key), mapStrings(member, change)]));
}

function mapMembers(members: unknown[], change: (words: string) => string): unknown[] {
  let copy: unknown[] | undefined;
  for (const [index, member] of members.entries()) {
    const changed = mapStrings(member, change);
    if (changed === member) continue;
    copy ??= [...members];
    copy[index] = changed;
  }
  return copy ?? members;
}
