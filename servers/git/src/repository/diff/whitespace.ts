import { grown, type Lines } from "./lines.js";

/** White space that does not count: how much of it there is between words (`-b`), or all of it (`-w`). */
export type IgnoredWhitespace = "amount" | "all";

const LINE_FEED = 0x0a;
const SPACE = 0x20;

/** Space, tab, line feed, carriage return: what git takes for white space. */
const isSpace = (byte: number | undefined): boolean =>
  byte === SPACE || byte === 0x09 || byte === LINE_FEED || byte === 0x0d;

/** The same lines without what is ignored, each with a line feed at its end. */
export function withoutWhitespace({ content, count, starts }: Lines, ignored: IgnoredWhitespace): Lines {
  const kept = Buffer.allocUnsafe(content.length + 1);
  const keptStarts = grown(starts).subarray(0, count + 1);
  let length = 0;
  for (let line = 0; line < count; line++) {
    keptStarts[line] = length;
    let pendingSpace = false;
    for (let at = starts[line] ?? 0; at < (starts[line + 1] ?? 0); at++) {
      const byte = content[at] ?? 0;
      if (isSpace(byte)) {
        pendingSpace = ignored === "amount";
        continue;
      }
      if (pendingSpace) kept[length++] = SPACE;
      pendingSpace = false;
      kept[length++] = byte;
    }
    kept[length++] = LINE_FEED;
  }
  keptStarts[count] = length;
  return { content: kept.subarray(0, length), count, starts: keptStarts };
}
