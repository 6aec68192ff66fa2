import type { ByteString } from "../bytes/byte-string.js";

/** A line `name value` at the beginning of a commit or tag; continuation lines joined by a line feed. */
export interface HeaderLine {
  readonly name: string;
  readonly value: ByteString;
}

/** Headers from `start` to the empty line, and where the message begins behind it. */
export function parseHeaders(text: ByteString, start: number): { headers: HeaderLine[]; messageAt: number } {
  const headers: HeaderLine[] = [];
  let at = start;
  while (at < text.length && text[at] !== "\n") {
    let end = lineEnd(text, at);
    const space = text.indexOf(" ", at);
    const nameEnd = space < 0 || space > end ? end : space;
    const name = text.slice(at, nameEnd);
    const values = [text.slice(nameEnd + 1, end)];
    while (text[end + 1] === " ") {
      const next = lineEnd(text, end + 1);
      values.push(text.slice(end + 2, next));
      end = next;
    }
    headers.push({ name, value: values.join("\n") });
    at = end + 1;
  }
  return { headers, messageAt: at + 1 };
}

/** The line or lines that {@link parseHeaders} reads. */
export const formatHeader = (name: string, value: ByteString): ByteString =>
  `${name} ${value.replaceAll("\n", "\n ")}\n`;

function lineEnd(text: ByteString, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}
