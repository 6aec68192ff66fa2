import type { ByteString } from "../bytes/byte-string.js";
import type { Hunk } from "./hunks.js";
import type { Lines } from "./lines.js";

/** Bytes of a heading that are shown. */
const LONGEST_HEADING = 80;

const STARTS_HEADING = /^[A-Za-z_$]/;

/** Finds the headings of hunks: the nearest line above that starts with a letter, `_` or `$`. To be asked from top to bottom. */
export class Headings {
  readonly #lines: Lines;
  /** Lines above are known to be summed up by the heading. */
  #searched = 0;
  #heading: ByteString = "";

  /** @param lines those of the file as it was before */
  constructor(lines: Lines) {
    this.#lines = lines;
  }

  above(line: number): ByteString {
    for (let at = Math.min(line, this.#lines.count) - 1; at >= this.#searched; at--) {
      const text = this.#startOf(at);
      if (!STARTS_HEADING.test(text)) continue;
      this.#heading = text.replace(/[ \t\r\n]+$/, "");
      break;
    }
    this.#searched = Math.max(this.#searched, line);
    return this.#heading;
  }

  #startOf(line: number): ByteString {
    const start = this.#lines.starts[line] ?? 0;
    const end = Math.min(this.#lines.starts[line + 1] ?? 0, start + LONGEST_HEADING);
    return this.#lines.content.toString("latin1", start, end);
  }
}

/** `@@ -1,4 +1,5 @@ heading`, with its line feed. */
export function hunkHeader(hunk: Hunk, heading: ByteString): ByteString {
  const before = rangeText(hunk.beforeStart, hunk.beforeEnd);
  const after = rangeText(hunk.afterStart, hunk.afterEnd);
  return `@@ -${before} +${after} @@${heading && ` ${heading}`}\n`;
}

/** First line, counted from 1, and number of lines, unless it is 1; for none, the line before. */
function rangeText(start: number, end: number): string {
  const count = end - start;
  return `${count === 0 ? start : start + 1}${count === 1 ? "" : `,${count}`}`;
}
