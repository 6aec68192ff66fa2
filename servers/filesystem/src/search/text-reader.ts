import { closeSync, fstatSync, readSync } from "node:fs";

/** Why a file's lines were not looked at. */
export type Skipped = "binary" | "too large" | "no match" | "not a file";

const FIRST_BUFFER_BYTES = 256 * 1024;
/** A null character in this many bytes makes a file binary, as for grep and git. */
const SNIFFED_BYTES = 8 * 1024;

/** Reads text files one after the other into one buffer. */
export class TextReader {
  readonly #maxBytes: number;
  readonly #mayMatch: (utf8: Buffer) => boolean;
  #buffer: Buffer = Buffer.allocUnsafe(FIRST_BUFFER_BYTES);

  /** @param mayMatch false spares decoding a file. */
  constructor(maxBytes: number, mayMatch: (utf8: Buffer) => boolean) {
    this.#maxBytes = maxBytes;
    this.#mayMatch = mayMatch;
  }

  /**
   * The text of a file with `\n` at the ends of lines, without a byte order mark. UTF-8, or UTF-16 with a mark; bytes
   * that are not become U+FFFD. Closes the descriptor.
   * @throws the errno of a failed read.
   */
  read(fd: number): { text: string } | Skipped {
    try {
      const stats = fstatSync(fd);
      if (!stats.isFile()) return "not a file";
      if (stats.size > this.#maxBytes) return "too large";
      const bytes = this.#fill(fd, stats.size);
      return bytes ? this.#decode(bytes) : "too large";
    } finally {
      closeSync(fd);
    }
  }

  /** Reads to the end; undefined when the file grew beyond the limit meanwhile. */
  #fill(fd: number, expected: number): Buffer | undefined {
    let filled = 0;
    for (;;) {
      if (filled === this.#buffer.length || expected >= this.#buffer.length) this.#grow(expected);
      const read = readSync(fd, this.#buffer, filled, this.#buffer.length - filled, null);
      filled += read;
      if (filled > this.#maxBytes) return undefined;
      if (read === 0 || (expected > 0 && filled === expected)) return this.#buffer.subarray(0, filled);
    }
  }

  #grow(expected: number): void {
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, expected + 1));
    this.#buffer.copy(larger);
    this.#buffer = larger;
  }

  #decode(bytes: Buffer): { text: string } | Skipped {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    if (utf16) return { text: withPlainLineEnds(decodeUtf16(bytes)) };
    if (bytes.subarray(0, SNIFFED_BYTES).includes(0)) return "binary";
    if (!this.#mayMatch(bytes)) return "no match";
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return { text: withPlainLineEnds(bytes.toString("utf8", hasMark ? 3 : 0)) };
  }
}

function decodeUtf16(bytes: Buffer): string {
  const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
  return (bytes[0] === 0xfe ? even.swap16() : even).toString("utf16le");
}

const withPlainLineEnds = (text: string) => (text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text);
