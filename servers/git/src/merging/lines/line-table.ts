import type { ByteString } from "../../repository/bytes/byte-string.js";

/** The lines of a file, each with its line end; the last one may lack it. */
export type Lines = readonly ByteString[];

/** Lines of a content; none for an empty one. */
export function linesOf(content: Buffer): Lines {
  const text = content.toString("latin1");
  const lines: ByteString[] = [];
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf("\n", start);
    const end = feed < 0 ? text.length : feed + 1;
    lines.push(text.slice(start, end));
    start = end;
  }
  return lines;
}

/** Content of lines. */
export const contentOf = (lines: Lines): Buffer => Buffer.from(lines.join(""), "latin1");

/** Numbers lines so that equal lines have equal numbers: comparing them costs the same however long they are. */
export class LineNumbers {
  readonly #numbers = new Map<ByteString, number>();

  of(lines: Lines): Int32Array {
    return Int32Array.from(lines, (line) => {
      const known = this.#numbers.get(line) ?? this.#numbers.size;
      this.#numbers.set(line, known);
      return known;
    });
  }
}
