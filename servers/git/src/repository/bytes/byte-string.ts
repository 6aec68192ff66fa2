/**
 * Bytes as a string of the characters U+0000 to U+00FF, one a byte. Git's names, paths and messages are bytes in no particular
 * encoding; as byte strings they compare in git's order with `<`, and nothing is lost. They become text at the edge only.
 */
export type ByteString = string;

const BEYOND_ASCII = /[\u0080-\u00ff]/;

/** What a person or the file system calls `text`, as UTF-8 bytes. */
export const bytesOf = (text: string): ByteString => Buffer.from(text, "utf8").toString("latin1");

/** The text of UTF-8 bytes; what is not UTF-8 becomes U+FFFD. */
export const textOf = (bytes: ByteString): string =>
  BEYOND_ASCII.test(bytes) ? Buffer.from(bytes, "latin1").toString("utf8") : bytes;

/** A path as `node:fs` takes it without changing a byte. */
export const fsPath = (bytes: ByteString): string | Buffer =>
  BEYOND_ASCII.test(bytes) ? Buffer.from(bytes, "latin1") : bytes;

/** Is this text in UTF-8? */
export const isUtf8Bytes = (bytes: ByteString): boolean =>
  !BEYOND_ASCII.test(bytes) || bytesOf(textOf(bytes)) === bytes;
