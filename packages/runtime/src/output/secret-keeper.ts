import { secretSpellings } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { JsonList } from "./json-list.js";

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
  let spelled: Spelled = new Spelled(secrets);
  const keep = <T>(value: T): T => {
    if (secrets.size === 0) return value;
    if (secrets.size !== spelled.secrets) spelled = new Spelled(secrets);
    return clean(value, spelled) as T;
  };
  return Object.assign(keep, {
    error: (error: ToolError) => {
      const { code, message, hint, retryAfterMs, details, cause } = error;
      return new ToolError(code, keep(message), { hint: keep(hint), retryAfterMs, details: keep(details), cause });
    },
  });
}

/** Secrets in all their spellings. */
class Spelled {
  readonly secrets: number;
  /** The longest first: a secret may begin with another one. */
  readonly #spellings: readonly string[];
  readonly #inJson: readonly string[];
  readonly #shortest: number;

  constructor(secrets: ReadonlySet<string>) {
    const spellings = new Set([...secrets].flatMap(secretSpellings));
    spellings.delete("");
    this.secrets = secrets.size;
    this.#spellings = [...spellings].sort((a, b) => b.length - a.length);
    this.#inJson = this.#spellings.map((spelling) => JSON.stringify(spelling).slice(1, -1));
    this.#shortest = this.#spellings.at(-1)?.length ?? Number.POSITIVE_INFINITY;
  }

  /** A result may hold a million values, and few are long enough to hold a secret. */
  fitsInto(words: string): boolean {
    return words.length >= this.#shortest;
  }

  outOf(words: string): string {
    if (!this.fitsInto(words)) return words;
    return this.#spellings.reduce((left, spelling) => left.replaceAll(spelling, REDACTED), words);
  }

  /** Whether a string in this JSON may hold one: it stands there in JSON's spelling. */
  mayBeIn(json: string): boolean {
    return this.#inJson.some((spelling) => json.includes(spelling));
  }
}

/** The value without secrets in its strings and keys; anything but plain data stays what it is. Copies only what differs. */
function clean(value: unknown, spelled: Spelled): unknown {
  if (typeof value === "string") return spelled.outOf(value);
  if (Array.isArray(value)) return cleanMembers(value, spelled);
  if (value instanceof JsonList) return cleanList(value, spelled);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [spelled.outOf(key), clean(member, spelled)]));
}

function cleanMembers(members: unknown[], spelled: Spelled): unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < members.length; index += 1) {
    const member = members[index];
    if (member === null || (typeof member === "string" && !spelled.fitsInto(member))) continue;
    const cleaned = clean(member, spelled);
    if (cleaned === member) continue;
    copy ??= [...members];
    copy[index] = cleaned;
  }
  return copy ?? members;
}

function cleanList(list: JsonList, spelled: Spelled): JsonList {
  if (!list.parts.some((part) => spelled.mayBeIn(part))) return list;
  return new JsonList(list.toJSON().map((element) => JSON.stringify(clean(element, spelled))));
}
