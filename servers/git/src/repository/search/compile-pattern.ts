import { ToolError } from "@mcp-reference/validation";
import type { Pattern, PatternRequest } from "./pattern.js";
import { textPattern } from "./text-pattern.js";

/** Longer regular expressions overflow the stack of what compiles them. */
const LONGEST_PATTERN = 10_000;

/** @throws ToolError INVALID_ARGUMENT for an empty or long pattern, or a bad regular expression */
export async function compilePattern({ pattern, regex, ignoreCase }: PatternRequest): Promise<Pattern> {
  if (pattern === "")
    throw new ToolError("INVALID_ARGUMENT", "The pattern is empty", { hint: "Give text to look for" });
  if (pattern.length > LONGEST_PATTERN)
    throw new ToolError("INVALID_ARGUMENT", `The pattern is longer than ${LONGEST_PATTERN} characters`);
  if (!regex) return ignoreCase ? foldedText(pattern) : fixedText(Buffer.from(pattern));
  const { regularExpression } = await import("./regular-expression.js");
  return regularExpression(pattern, ignoreCase === true);
}

/** Bytes as they stand, also in files that are no UTF-8. */
function fixedText(wanted: Buffer): Pattern {
  return {
    count(content) {
      let count = 0;
      for (let at = content.indexOf(wanted); at >= 0; at = content.indexOf(wanted, at + wanted.length)) count++;
      return count;
    },
    mayMatch: (content) => content.includes(wanted),
    *matchingLines({ content, starts, count }) {
      let line = 0;
      for (let at = content.indexOf(wanted); at >= 0 && line < count; at = content.indexOf(wanted, starts[line])) {
        while ((starts[line + 1] ?? content.length) <= at) line++;
        if (at + wanted.length <= (starts[line + 1] ?? 0)) yield line;
        line++;
      }
    },
  };
}

/** A literal as an expression of JavaScript: it cannot backtrack, and folds case as Unicode says. */
function foldedText(text: string): Pattern {
  const literal = text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const all = new RegExp(literal, "giu");
  const one = new RegExp(literal, "iu");
  return textPattern({
    count: (content) => content.match(all)?.length ?? 0,
    test: (content) => one.test(content),
  });
}
