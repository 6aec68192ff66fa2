import { redact } from "@mcp-reference/security";
import * as z from "zod";
import { closest } from "./closest.js";
import type { OptionRow } from "./options.js";
import type { Given } from "./source.js";

/** All that was set, from every source. */
export interface Settings {
  rows: readonly OptionRow[];
  given: ReadonlyMap<string, Given>;
  secrets: readonly string[];
}

/**
 * One line about an issue: where the value was written, what it must be, what it was (never for secrets, nor for values inside
 * objects, which may hold some).
 */
export function problemLine(issue: z.core.$ZodIssue, { rows, given, secrets }: Settings): string {
  const message = redact(issue.message, secrets); // a schema's own message may quote the value
  const [name, ...inside] = issue.path;
  const row = rows.find((candidate) => candidate.name === name);
  if (!row) return message;
  const source = given.get(row.name)?.source;
  if (source === undefined) return `${row.flag ?? row.env ?? row.name}: ${message}${howToGive(row)}`;
  const got = row.secret || row.type === "json" ? "" : redact(shown(issue.input), secrets);
  return `${source}: ${place(row, inside)}${message}${got}`;
}

function howToGive({ flag, env, positional, secret, placeholder }: OptionRow): string {
  if (secret) return `; set it, or set ${env}_FILE to a file that holds it`;
  if (flag) return `; give ${flag} <${placeholder}> or set ${env}`;
  return positional ? `; give <${placeholder}> or set ${env}` : "; set it in a --config file";
}

function place(row: OptionRow, inside: readonly PropertyKey[]): string {
  if (inside.length === 0) return "";
  if (row.type === "list") return `item ${Number(inside[0]) + 1} `;
  return `${inside.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("")} `;
}

function shown(input: unknown): string {
  if (typeof input === "object" || input === undefined) return "";
  const text = JSON.stringify(input);
  return ` (got ${text.length > 60 ? `${text.slice(0, 57)}…` : text})`;
}

/** The error map of a config: words that complete "`--timeout`: …". A message of the schema itself comes before these. */
export function explain(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is required" : mustBe(issue.expected, issue.schema);
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "too_small":
      return outOfRange(issue, issue.inclusive ? "at least" : "more than", issue.minimum);
    case "too_big":
      return outOfRange(issue, issue.inclusive ? "at most" : "less than", issue.maximum);
    case "invalid_format":
      return issue.format === "url" ? "must be a URL" : undefined;
    case "invalid_union":
      return oneOf(issue.errors);
    case "unrecognized_keys":
      return unknownKeys(issue.keys, issue.inst);
    default:
      return undefined;
  }
}

function mustBe(expected: string, schema: unknown): string {
  if (expected === "number" || expected === "int") return `must be ${numberWords(schema)}`;
  if (expected === "boolean") return "must be true or false";
  if (expected === "array") return "must be a list";
  return expected === "object" || expected === "record" ? "must be an object" : `must be a ${expected}`;
}

interface RangeIssue {
  origin: string;
  schema?: unknown;
}

function outOfRange({ origin, schema }: RangeIssue, comparison: string, bound: number | bigint): string {
  if (origin === "number" || origin === "int") {
    return comparison.startsWith("at ") ? `must be ${numberWords(schema)}` : `must be ${comparison} ${bound}`;
  }
  if (origin === "string" && comparison === "at least" && bound === 1) return "must not be empty";
  return `must have ${comparison} ${bound} ${origin === "string" ? "characters" : "items"}`;
}

/** `a whole number from 1 to 3600` */
function numberWords(schema: unknown): string {
  if (!(schema instanceof z.ZodNumber)) return "a number";
  const kind = schema.isInt ? "a whole number" : "a number";
  const from = bound(schema.minValue);
  const to = bound(schema.maxValue);
  if (from !== undefined && to !== undefined) return `${kind} from ${from} to ${to}`;
  if (from !== undefined) return `${kind} of at least ${from}`;
  return to === undefined ? kind : `${kind} of at most ${to}`;
}

/** The range of safe integers, and no range, come as bounds too. */
const bound = (value: number | null) =>
  value !== null && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;

/** What the members of a union say; those that know the type say it best. */
function oneOf(members: readonly (readonly z.core.$ZodIssue[])[]): string | undefined {
  const issues = members.flatMap((member) => member.slice(0, 1));
  const close = issues.filter(({ code }) => code !== "invalid_type" && code !== "invalid_value");
  const messages = new Set((close.length > 0 ? close : issues).map(({ message }) => message));
  if (messages.size === 0) return undefined;
  return [...messages].map((message, index) => (index === 0 ? message : message.replace(/^must be /, ""))).join(" or ");
}

function unknownKeys(keys: readonly string[], schema: unknown): string {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const named = keys.map((key) => {
    const near = closest(key, known);
    return near ? `${key} (did you mean ${near}?)` : key;
  });
  return `has unknown keys: ${named.join(", ")}`;
}
