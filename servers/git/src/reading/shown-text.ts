import { isUtf8 } from "node:buffer";
import { type ByteString, isUtf8Bytes, textOf } from "../repository/bytes/byte-string.js";
import { quotePath } from "../repository/diff/quote-path.js";

/** Said where bytes were replaced: what is shown is not what is in the repository. */
export const REPLACED = "Bytes that are not UTF-8 are shown as �.";

/** A text, and whether bytes of it had to be replaced. */
export interface ShownText {
  readonly text: string;
  readonly replaced: boolean;
}

/** Content of files as text. */
export const shownText = (content: Buffer): ShownText => ({ text: content.toString(), replaced: !isUtf8(content) });

/** A path in one line that stands for no other path: as git quotes it where it has control characters or is not UTF-8. */
export const shownPath = (path: ByteString): string => textOf(quotePath(path, !isUtf8Bytes(path)));

/** The beginning of a text that fits into so many bytes of UTF-8, without half a character. */
export function firstBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  let end = Math.max(0, maxBytes);
  if (bytes.length <= end) return text;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString("utf8", 0, end);
}

/** How many lines, each with its end, fit into so many bytes: at least one. */
export function countFitting(lines: readonly string[], bytes: number): number {
  let room = bytes;
  const end = lines.findIndex((line) => {
    room -= Buffer.byteLength(line) + 1;
    return room < 0;
  });
  return end < 0 ? lines.length : Math.max(end, 1);
}
