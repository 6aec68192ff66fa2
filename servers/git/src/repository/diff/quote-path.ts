import type { ByteString } from "../bytes/byte-string.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
const UNUSUAL = /["\\\u0000-\u001f\u007f-\u00ff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const UNUSUAL_ASCII = /["\\\u0000-\u001f\u007f]/g;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\u000b": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

const escaped = (byte: string) => SHORT_ESCAPES[byte] ?? `\\${byte.charCodeAt(0).toString(8).padStart(3, "0")}`;

/**
 * A path as git prints it: in double quotes and with escapes where it has unusual bytes.
 * @param quoteBeyondAscii `core.quotePath`: are bytes from 0x80 on unusual? Git's default is yes
 */
export function quotePath(path: ByteString, quoteBeyondAscii = true): ByteString {
  const quoted = path.replace(quoteBeyondAscii ? UNUSUAL : UNUSUAL_ASCII, escaped);
  return quoted === path ? path : `"${quoted}"`;
}
