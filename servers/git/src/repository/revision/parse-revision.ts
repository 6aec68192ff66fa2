import { ToolError } from "@mcp-reference/validation";

/** What is done, one after another, to the object that a revision begins with. */
export type RevisionStep =
  /** `^2` */
  | { readonly kind: "parent"; readonly number: number }
  /** `~3` */
  | { readonly kind: "ancestor"; readonly number: number }
  /** `^{tree}`; `^{}` has an empty type */
  | { readonly kind: "peel"; readonly type: string }
  /** `^{/text}` */
  | { readonly kind: "search"; readonly text: string };

/** `name@{1}^2~3:path` in its parts. */
export interface ParsedRevision {
  /** Empty where the text begins with a colon. */
  readonly base: string;
  readonly steps: readonly RevisionStep[];
  /** After the colon; undefined without one. */
  readonly path: string | undefined;
}

const MOST_CHARACTERS = 8192;
const PEELED_TYPES = ["", "commit", "tree", "blob", "tag", "object"];

/** @throws ToolError INVALID_ARGUMENT */
export function parseRevision(text: string): ParsedRevision {
  checkText(text);
  const base = text.slice(0, endOfBase(text));
  const steps: RevisionStep[] = [];
  let at = base.length;
  while (text[at] === "^" || text[at] === "~") {
    const { step, end } = readStep(text, at);
    steps.push(step);
    at = end;
  }
  if (at < text.length && text[at] !== ":") throw malformed(text);
  if (base === "" && steps.length > 0) throw malformed(text);
  return { base, steps, path: at < text.length ? text.slice(at + 1) : undefined };
}

function checkText(text: string): void {
  if (text === "") throw new ToolError("INVALID_ARGUMENT", "The revision is empty");
  if (text.startsWith("-")) throw new ToolError("INVALID_ARGUMENT", 'A revision cannot begin with "-"');
  if (text.length > MOST_CHARACTERS) throw new ToolError("INVALID_ARGUMENT", "The revision is too long");
  if (text.includes("\0")) throw new ToolError("INVALID_ARGUMENT", "The revision has a NUL character in it");
}

/** The base ends at the first `^`, `~` or `:` that is not inside of `@{…}`. */
function endOfBase(text: string): number {
  for (let at = 0; at < text.length; at++) {
    if (text.startsWith("@{", at)) at = closingBrace(text, at + 1);
    else if ("^~:".includes(text.charAt(at))) return at;
  }
  return text.length;
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return at;
  }
  throw malformed(text);
}

function readStep(text: string, at: number): { step: RevisionStep; end: number } {
  if (text.startsWith("^{", at)) {
    const close = closingBrace(text, at + 1);
    return { step: readBraces(text, text.slice(at + 2, close)), end: close + 1 };
  }
  const digits = /^\d*/.exec(text.slice(at + 1))?.[0] ?? "";
  const number = digits === "" ? 1 : Number(digits);
  if (!Number.isSafeInteger(number)) throw malformed(text);
  return { step: { kind: text[at] === "^" ? "parent" : "ancestor", number }, end: at + 1 + digits.length };
}

function readBraces(text: string, inside: string): RevisionStep {
  if (inside.startsWith("/")) return { kind: "search", text: inside.slice(1) };
  if (!PEELED_TYPES.includes(inside)) throw malformed(text);
  return { kind: "peel", type: inside };
}

const malformed = (text: string): ToolError =>
  new ToolError("INVALID_ARGUMENT", `"${text}" is not a revision`, {
    hint: "Write a branch, tag or commit id, with ~n, ^n, @{n}, ^{tree} or :path after it",
  });
