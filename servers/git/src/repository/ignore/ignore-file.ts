import type { ByteString } from "../bytes/byte-string.js";
import { type PathPattern, pathPattern } from "./path-pattern.js";

/** One line of a file that lists what to ignore. */
export interface IgnoreLine {
  /** Counted from 1. */
  readonly line: number;
  /** As it is written, without spaces at the end. */
  readonly text: ByteString;
  readonly pattern: PathPattern;
}

const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

/** Reads `.gitignore` or a file like it; the last line comes first, for it is the one that counts. */
export function parseIgnoreFile(content: ByteString, ignoreCase: boolean): readonly IgnoreLine[] {
  const text = content.startsWith(BYTE_ORDER_MARK) ? content.slice(BYTE_ORDER_MARK.length) : content;
  const lines: IgnoreLine[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const written = withoutTrailingSpaces(line.endsWith("\r") ? line.slice(0, -1) : line);
    if (written === "" || line.startsWith("#")) continue;
    lines.push({ line: index + 1, text: written, pattern: pathPattern(written, ignoreCase) });
  }
  return lines.reverse();
}

/** A space that follows a backslash stays. */
function withoutTrailingSpaces(line: ByteString): ByteString {
  let end = 0;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === "\\") i++;
    if (line[i] !== " " || line[i - 1] === "\\") end = i + 1;
  }
  return line.slice(0, end);
}
