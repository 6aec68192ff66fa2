import { ToolError } from "@mcp-reference/validation";
import { RE2JS } from "re2js";
import type { Pattern } from "./pattern.js";
import { textPattern } from "./text-pattern.js";

/** Tied to the ends of the text in a way that tells a whole file from one of its lines. */
const TIED_TO_ENDS = /\\[AzZ]|\(\?[a-zA-Z]*-/;

/** An expression that takes linear time whatever it is and whatever it meets. @throws ToolError INVALID_ARGUMENT */
export function regularExpression(pattern: string, ignoreCase: boolean): Pattern {
  const expression = compile(pattern, RE2JS.MULTILINE | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
  return textPattern({
    count(text) {
      const matcher = expression.matcher(text);
      let count = 0;
      while (matcher.find()) count++;
      return count;
    },
    test: (text) => expression.test(text),
    testsFiles: !TIED_TO_ENDS.test(pattern),
  });
}

function compile(pattern: string, flags: number) {
  try {
    return RE2JS.compile(pattern, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ToolError("INVALID_ARGUMENT", `Not a regular expression in RE2 syntax: ${reason}`, {
      hint: "RE2 has no look-around and no back-references; escape special characters with \\, or search for plain text",
      cause: error,
    });
  }
}
