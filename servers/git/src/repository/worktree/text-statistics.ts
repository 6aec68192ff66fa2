/** What tells text from binary content, and which line ends it has. */
export interface TextStatistics {
  readonly crlf: number;
  readonly loneCr: number;
  readonly loneLf: number;
  readonly looksBinary: boolean;
}

const CR = 0x0d;
const LF = 0x0a;
/** Control characters that text may contain: backspace, tab, form feed, escape. */
const PRINTABLE_CONTROLS = new Set([0x08, 0x09, 0x0c, 0x1b]);
/** Ctrl-Z, which ended text files on DOS. */
const END_OF_TEXT = 0x1a;

/** Counts as git does before it touches line ends. */
export function textStatistics(content: Buffer): TextStatistics {
  let [crlf, loneCr, loneLf, zeros, printable, unprintable] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < content.length; i++) {
    const byte = content[i] ?? 0;
    if (byte === CR) {
      if (content[i + 1] === LF) {
        crlf++;
        i++;
      } else loneCr++;
    } else if (byte === LF) loneLf++;
    else if (byte === 0) {
      zeros++;
      unprintable++;
    } else if (byte === 0x7f || (byte < 0x20 && !PRINTABLE_CONTROLS.has(byte))) unprintable++;
    else printable++;
  }
  if (content.at(-1) === END_OF_TEXT) unprintable--;
  return { crlf, loneCr, loneLf, looksBinary: loneCr > 0 || zeros > 0 || printable >> 7 < unprintable };
}
