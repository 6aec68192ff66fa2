import { constants } from "node:buffer";
import type { OpenFile } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { LineScanner, type Run } from "./line-scanner.js";
import { BOM_BYTES, type Decoded, decode, detectFormat, type TextFormat } from "./text-format.js";

/** Which lines to read: either a range, or the first or last ones. */
export interface LineRange {
  /** First line, from 1. */
  offset?: number | undefined;
  /** Most lines. */
  limit?: number | undefined;
  /** That many lines at the end instead. */
  tail?: number | undefined;
}

export interface TextOptions {
  /** Most bytes of the file that a result may hold. */
  maxBytes: number;
  /** WHATWG label; by default UTF-8 unless a byte order mark says otherwise. */
  encoding?: string | undefined;
  /** Puts `<number>\t` before every line. */
  lineNumbers?: boolean | undefined;
  signal: AbortSignal;
}

/** Some of a file's lines, and where they lie. */
export interface TextPart extends Decoded {
  /** First line, from 1; unknown for a tail unless its lines are numbered. */
  readonly from: number | undefined;
  /** How many lines, the last may lack its newline. */
  readonly count: number;
  /** Lines of the file, where reading the part tells. */
  readonly total: number | undefined;
  /** Nothing of the file is missing before or after. */
  readonly whole: boolean;
  /** `maxBytes` left lines out, or cut the only line. */
  readonly cut: "lines" | "line" | undefined;
}

/** Bytes that a line number and its tab take, for files of up to ten million lines. */
const NUMBER_BYTES = 8;

/**
 * A whole text file: one read, one decode, nothing a line.
 * @throws ToolError TOO_LARGE above `maxBytes`, before anything is read; UNSUPPORTED for a binary file
 */
export async function readWhole(file: OpenFile, { encoding, signal, ...options }: TextOptions): Promise<Decoded> {
  const maxBytes = Math.min(options.maxBytes, constants.MAX_STRING_LENGTH);
  if (file.stats.size > maxBytes) throw tooLarge(file.path, file.stats.size, maxBytes);
  const bytes = await readBytes(file, 0, file.stats.size, signal);
  const format = detectFormat(bytes.subarray(0, BOM_BYTES), encoding);
  const decoded = decodeText(bytes.subarray(format.bom), format, file.path);
  if (fits(decoded.text, maxBytes)) return decoded;
  throw tooLarge(file.path, Buffer.byteLength(decoded.text), maxBytes);
}

/**
 * Lines of a text file in constant memory besides the result. A part above `maxBytes` is cut between lines.
 * @throws ToolError INVALID_ARGUMENT for an offset beyond the end; UNSUPPORTED for a binary file
 */
export async function readLines(file: OpenFile, range: LineRange, options: TextOptions): Promise<TextPart> {
  const maxBytes = Math.min(options.maxBytes, constants.MAX_STRING_LENGTH);
  const part = await readPart(file, range, { ...options, maxBytes });
  if (fits(part.text, maxBytes)) return part;
  return readPart(file, range, { ...options, maxBytes: Math.floor(maxBytes / UTF8_EXPANSION) });
}

/** Most bytes that UTF-8 takes for one of another encoding, or for a broken one. */
const UTF8_EXPANSION = 3;

async function readPart(file: OpenFile, range: LineRange, options: TextOptions): Promise<TextPart> {
  const format = detectFormat(await readBytes(file, 0, BOM_BYTES, options.signal), options.encoding);
  const scanner = new LineScanner(file.handle, format, file.stats.size, options.signal);
  const located = await (range.tail === undefined
    ? locateRange(scanner, format, range, options, file.path)
    : locateTail(scanner, format, range.tail, options));
  const { start, end, ...part } = located;
  const bytes = await readBytes(file, start, end - start, options.signal);
  const decoded = decodeText(part.cut === "line" ? wholeCharacters(bytes, format, start) : bytes, format, file.path);
  const text = options.lineNumbers && part.from !== undefined ? numberLines(decoded.text, part.from) : decoded.text;
  return { ...part, ...decoded, text };
}

type Located = Omit<TextPart, keyof Decoded> & { start: number; end: number };

async function locateRange(
  scanner: LineScanner,
  { bom }: TextFormat,
  { offset = 1, limit = Number.POSITIVE_INFINITY }: LineRange,
  { maxBytes, lineNumbers }: TextOptions,
  path: string,
): Promise<Located> {
  const { size } = scanner;
  const before = await scanner.forward(bom, { lines: offset - 1, bytes: Number.POSITIVE_INFINITY });
  const start = before.position;
  if (offset > 1 && (before.lines < offset - 1 || start === size)) throw beyondEnd(path, offset, before, size);
  const lineCost = lineNumbers ? NUMBER_BYTES : 0;
  const run = await scanner.forward(start, { lines: limit, bytes: maxBytes, lineCost });
  const rest = size - run.position;
  const takesRest =
    run.lines < limit && rest > 0 && rest + run.position - start + (run.lines + 1) * lineCost <= maxBytes;
  const cutsLine = !takesRest && run.lines === 0 && rest > 0;
  const end = takesRest ? size : cutsLine ? Math.min(size, start + maxBytes) : run.position;
  const count = run.lines + (takesRest || cutsLine ? 1 : 0);
  return {
    start,
    end,
    from: offset,
    count,
    total: end === size ? offset - 1 + count : undefined,
    whole: offset === 1 && end === size,
    cut: end === size || run.lines === limit ? undefined : cutsLine ? "line" : "lines",
  };
}

async function locateTail(
  scanner: LineScanner,
  { bom }: TextFormat,
  tail: number,
  { maxBytes, lineNumbers }: TextOptions,
): Promise<Located> {
  const { size } = scanner;
  const lineCost = lineNumbers ? NUMBER_BYTES : 0;
  const run = await scanner.backward(bom, { lines: tail, bytes: maxBytes, lineCost });
  const before = run.position - bom;
  const reachesStart = run.lines < tail && before > 0 && size - bom + (run.lines + 1) * lineCost <= maxBytes;
  const cutsLine = !reachesStart && run.lines === 0 && before > 0;
  const start = reachesStart ? bom : cutsLine ? Math.max(bom, size - maxBytes) : run.position;
  const count = run.lines + (reachesStart || cutsLine ? 1 : 0);
  const whole = start === bom;
  const known = whole || lineNumbers;
  const from = known
    ? (await scanner.forward(bom, { lines: Number.POSITIVE_INFINITY, bytes: start - bom })).lines + 1
    : undefined;
  return {
    start,
    end: size,
    from,
    count,
    total: from === undefined ? undefined : from - 1 + count,
    whole,
    cut: whole || run.lines === tail ? undefined : cutsLine ? "line" : "lines",
  };
}

/** Reads `length` bytes from `start`, fewer at the end of the file. */
export async function readBytes(
  { handle }: OpenFile,
  start: number,
  length: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(bytes, filled, Math.min(READ_BYTES, length - filled), start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** A read that a cancelled call has to wait for. */
const READ_BYTES = 64 * 1024 * 1024;

function decodeText(bytes: Buffer, format: TextFormat, path: string): Decoded {
  const decoded = format.unit === 1 && bytes.includes(0) ? undefined : decode(bytes, format);
  if (decoded && (format.unit === 1 || !decoded.text.includes("\0"))) return decoded;
  throw new ToolError("UNSUPPORTED", `${JSON.stringify(path)} is not text: it holds null bytes`, {
    hint: "Use read_media_file, or name its encoding",
  });
}

/** Takes the broken characters off both ends of a stretch that was cut out of a line. */
function wholeCharacters(bytes: Buffer, { label, unit }: TextFormat, start: number): Buffer {
  if (unit === 2) return bytes.subarray(start % 2, bytes.length - ((bytes.length - (start % 2)) % 2));
  if (label !== "utf-8") return bytes;
  const continues = (index: number) => ((bytes[index] ?? 0) & 0xc0) === 0x80;
  let first = 0;
  while (first < 3 && continues(first)) first++;
  let last = bytes.length - 1;
  while (last > bytes.length - 4 && continues(last)) last--;
  const lead = bytes[last] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return bytes.subarray(first, last + length <= bytes.length ? bytes.length : last);
}

function numberLines(text: string, from: number): string {
  const lines = text.split("\n");
  const last = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  return lines.map((line, index) => (index < last ? `${from + index}\t${line}` : line)).join("\n");
}

/** Bytes in another encoding, and broken ones, take more room as UTF-8. */
const fits = (text: string, maxBytes: number) =>
  text.length * UTF8_EXPANSION <= maxBytes || Buffer.byteLength(text) <= maxBytes;

const tooLarge = (path: string, bytes: number, limit: number) =>
  new ToolError("TOO_LARGE", `${JSON.stringify(path)} has ${bytes} bytes, and a result may have ${limit}`, {
    hint: "Read a part with offset and limit, head or tail, or start the server with a higher --max-output",
    details: { bytes, limit },
  });

function beyondEnd(path: string, offset: number, before: Run, size: number): ToolError {
  const total = before.lines + (before.position < size ? 1 : 0);
  return new ToolError(
    "INVALID_ARGUMENT",
    `offset ${offset} is beyond the end of ${JSON.stringify(path)}, which has ${total} lines`,
  );
}
