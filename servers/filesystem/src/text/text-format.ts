import { isAscii, isUtf8 } from "node:buffer";
import { ToolError } from "@mcp-reference/validation";

/** How the bytes of a text file are to be read. */
export interface TextFormat {
  /** A WHATWG encoding label. */
  readonly label: string;
  /** Bytes of the byte order mark at the start, 0–3. */
  readonly bom: number;
  /** Bytes of a newline: 2 in UTF-16; every other encoding of the web writes it as the one byte 0x0A. */
  readonly unit: 1 | 2;
}

export interface Decoded {
  readonly text: string;
  /** Some bytes are not valid in the encoding and became U+FFFD. */
  readonly damaged: boolean;
}

/** Enough of a file's start for {@link detectFormat}. */
export const BOM_BYTES = 3;

const MARKS: readonly (readonly [label: string, mark: readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/**
 * @param start the first bytes of the file, {@link BOM_BYTES} are enough
 * @param asked label of the encoding a caller named; a byte order mark wins over the default only
 * @throws ToolError INVALID_ARGUMENT for an unknown label
 */
export function detectFormat(start: Uint8Array, asked?: string): TextFormat {
  const marked = MARKS.find(([, mark]) => mark.every((byte, index) => start[index] === byte));
  const label = asked === undefined ? (marked?.[0] ?? "utf-8") : canonicalLabel(asked);
  return { label, bom: marked?.[0] === label ? marked[1].length : 0, unit: label.startsWith("utf-16") ? 2 : 1 };
}

/** @param bytes without the byte order mark */
export function decode(bytes: Buffer, { label }: TextFormat): Decoded {
  // Checked natively, and ASCII then taken over as it is: a tenth of the time that decoding takes.
  if (label === "utf-8" && isAscii(bytes)) return { text: bytes.toString("latin1"), damaged: false };
  if (label === "utf-8") return { text: bytes.toString("utf8"), damaged: !isUtf8(bytes) };
  const text = new TextDecoder(label, { ignoreBOM: true }).decode(bytes);
  return { text, damaged: text.includes("\uFFFD") };
}

/** `Latin1` → `windows-1252`, as the web reads it. */
function canonicalLabel(asked: string): string {
  try {
    return new TextDecoder(asked).encoding;
  } catch {
    throw new ToolError("INVALID_ARGUMENT", `encoding ${JSON.stringify(asked)} is not known`, {
      hint: "Use utf-8, utf-16le, utf-16be, latin1, windows-1252 or another label of the WHATWG Encoding Standard",
    });
  }
}
