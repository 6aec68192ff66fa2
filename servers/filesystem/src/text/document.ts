import { isUtf8 } from "node:buffer";
import { ToolError } from "@mcp-reference/validation";

/** A text file in memory, and the way back to bytes that changes nothing but what was edited. */
export interface TextDocument {
  /** Without the byte order mark; newlines as they are in the file. */
  readonly text: string;
  /** Whether `text` can be put in: the encoding of a file that is neither UTF-8 nor marked UTF-16 is not known. */
  accepts(text: string): boolean;
  encode(text: string): Buffer;
}

/** Above this, editing in memory costs more than it is worth. */
export const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16LE_MARK = Buffer.from([0xff, 0xfe]);
const UTF16BE_MARK = Buffer.from([0xfe, 0xff]);

/** @throws ToolError UNSUPPORTED for a binary file */
export function openDocument(bytes: Buffer, path: string): TextDocument {
  if (startsWith(bytes, UTF16LE_MARK)) return utf16(bytes, UTF16LE_MARK, path);
  if (startsWith(bytes, UTF16BE_MARK)) return utf16(bytes, UTF16BE_MARK, path);
  if (bytes.includes(0)) throw binary(path);
  if (!isUtf8(bytes)) return bytewise(bytes);
  const mark = startsWith(bytes, UTF8_MARK) ? UTF8_MARK : Buffer.alloc(0);
  return {
    text: bytes.toString("utf8", mark.length),
    accepts: () => true,
    encode: (text) => Buffer.concat([mark, Buffer.from(text)]),
  };
}

function utf16(bytes: Buffer, mark: Buffer, path: string): TextDocument {
  if (bytes.length % 2 !== 0) throw binary(path);
  // Buffers know little-endian only.
  const swap = (units: Buffer) => (mark === UTF16BE_MARK ? Buffer.from(units).swap16() : units);
  return {
    text: swap(bytes.subarray(mark.length)).toString("utf16le"),
    accepts: () => true,
    encode: (text) => Buffer.concat([mark, swap(Buffer.from(text, "utf16le"))]),
  };
}

/** Latin-1 maps bytes to characters one to one, so bytes of whatever encoding survive an edit of the ASCII around them. */
const bytewise = (bytes: Buffer): TextDocument => ({
  text: bytes.toString("latin1"),
  accepts: isAscii,
  encode: (text) => Buffer.from(text, "latin1"),
});

const isAscii = (text: string) => Buffer.byteLength(text) === text.length;

const startsWith = (bytes: Buffer, mark: Buffer) => bytes.subarray(0, mark.length).equals(mark);

const binary = (path: string) =>
  new ToolError("UNSUPPORTED", `${JSON.stringify(path)} is a binary file`, {
    hint: "Replace it as a whole with write_file and encoding base64",
  });
