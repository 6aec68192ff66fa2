import type { Pattern } from "./pattern.js";

/** A pattern that works on text: files are decoded as UTF-8, and lines only of those files that match as a whole. */
export function textPattern(matcher: {
  count(text: string): number;
  test(text: string): boolean;
  /** False where a line may match although the whole file does not. */
  testsFiles?: boolean;
}): Pattern {
  return {
    count: (content) => matcher.count(content.toString()),
    mayMatch: () => true,
    *matchingLines(lines) {
      const text = lines.content.toString();
      if (matcher.testsFiles !== false && !matcher.test(text)) return;
      let line = 0;
      for (let at = 0; at < text.length; line++) {
        const feed = text.indexOf("\n", at);
        const end = feed < 0 ? text.length : feed;
        if (matcher.test(text.slice(at, end))) yield line;
        at = end + 1;
      }
    },
  };
}
