import { ToolError } from "@mcp-reference/validation";
import type { SearchTask } from "../walk/tasks.js";

/** Finds lines. Text comes with `\n` between lines; a match never spans two. */
export interface LineMatcher {
  /** False when no line of a UTF-8 file with these bytes can match: most files need not be decoded. */
  mayMatch(bytes: Buffer): boolean;
  /** A position within the first matching line at or behind `from`, the start of a line; -1 when there is none. */
  next(text: string, from: number): number;
  /** Where the first match in a matching line starts. */
  locate(line: string): number;
}

/** Longer ones overflow the stack of the engines that compile them. */
const MAX_PATTERN_LENGTH = 10_000;

/** @throws ToolError INVALID_ARGUMENT for a pattern that is too long, a bad regular expression or a fixed text of several lines. */
export function compileMatcher({ pattern, regex, caseSensitive }: SearchTask): Promise<LineMatcher> | LineMatcher {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw new ToolError("INVALID_ARGUMENT", `The pattern is longer than ${MAX_PATTERN_LENGTH} characters`);
  }
  if (regex) return compileRegex(pattern, caseSensitive);
  if (/[\r\n]/.test(pattern)) {
    throw new ToolError("INVALID_ARGUMENT", "The text to find spans several lines, but lines are searched one by one", {
      hint: "Search for one of its lines",
    });
  }
  return caseSensitive ? fixedText(pattern) : foldedText(pattern);
}

function fixedText(text: string): LineMatcher {
  const bytes = Buffer.from(text);
  // A replacement character stands for bytes that were not UTF-8, whatever they were.
  const decodedOnly = text.includes("\uFFFD");
  return {
    mayMatch: (file) => decodedOnly || file.includes(bytes),
    next: (lines, from) => lines.indexOf(text, from),
    locate: (line) => line.indexOf(text),
  };
}

/** A literal as a native regular expression: it cannot backtrack, and folds case as Unicode says. */
function foldedText(text: string): LineMatcher {
  const literal = new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu");
  const search = (lines: string, from: number) => {
    literal.lastIndex = from;
    return literal.exec(lines)?.index ?? -1;
  };
  return { mayMatch: () => true, next: search, locate: (line) => search(line, 0) };
}

/** Tied to the ends of the text or of a line in a way that tells a whole file from one of its lines. */
const TEXT_ANCHOR = /\\[AzZ]|\(\?[a-zA-Z]*-/;

async function compileRegex(pattern: string, caseSensitive: boolean): Promise<LineMatcher> {
  const { RE2JS } = await import("re2js");
  let expression: InstanceType<typeof RE2JS>;
  try {
    expression = RE2JS.compile(pattern, RE2JS.MULTILINE | (caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE));
  } catch (error) {
    throw badExpression(error);
  }
  // Asking about a whole file first is far cheaper than asking about each of its lines.
  const asksFiles = !TEXT_ANCHOR.test(pattern);
  return {
    mayMatch: () => true,
    next(text, from) {
      if (from === 0 && asksFiles && !expression.test(text)) return -1;
      for (let start = from; start < text.length; ) {
        const found = text.indexOf("\n", start);
        const end = found < 0 ? text.length : found;
        if (expression.test(text.slice(start, end))) return start;
        start = end + 1;
      }
      return -1;
    },
    locate(line) {
      const matcher = expression.matcher(line);
      return matcher.find() ? matcher.start() : 0;
    },
  };
}

function badExpression(error: unknown): ToolError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ToolError("INVALID_ARGUMENT", `Not a regular expression in RE2 syntax: ${reason}`, {
    hint: "RE2 has no look-around and no back-references; escape special characters with \\, or search for fixed text",
    cause: error,
  });
}
