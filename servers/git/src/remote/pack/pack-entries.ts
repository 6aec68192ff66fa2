import { crc32, inflateSync } from "node:zlib";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import type { ObjectType } from "../../repository/object-id.js";

/** Bytes of a file that is only read forward, mostly. */
export interface ReadablePack {
  readonly size: number;
  read(offset: number, length: number): Buffer;
}

/** An object as a pack stores it. */
export interface PackedEntry {
  readonly offset: number;
  /** Where the next one begins. */
  readonly end: number;
  readonly type: ObjectType | "delta";
  /** Of a delta: where its base is, or its id (hexadecimal). */
  readonly base: number | string | undefined;
  /** Of the bytes from `offset` to `end`. */
  readonly crc: number;
  /** Of the object, or of the delta. */
  readonly content: Buffer;
}

const HEADER_BYTES = 12;
const CHECKSUM_BYTES = 20;
const ID_BYTES = 20;
const LONGEST_ENTRY_HEADER = 32;
/** Of a large object: less is read in vain, and more only where it is needed. */
const FIRST_TRY_BYTES = 1024 ** 2;
const WINDOW_BYTES = 4 * 1024 ** 2;
const TYPES: readonly (ObjectType | "delta" | undefined)[] = [
  undefined,
  "commit",
  "tree",
  "blob",
  "tag",
  undefined,
  "delta",
  "delta",
];

/** How many objects a pack says it has. @throws ToolError UPSTREAM when it is no pack of version 2 */
export function packedCount(pack: ReadablePack): number {
  if (pack.size < HEADER_BYTES + CHECKSUM_BYTES) throw malformed();
  const header = pack.read(0, HEADER_BYTES);
  if (header.toString("latin1", 0, 4) !== "PACK" || header.readUInt32BE(4) !== 2) throw malformed();
  const count = header.readUInt32BE(8);
  // Each takes a byte of header and eight of zlib at least.
  if (count * 9 > pack.size) throw malformed();
  return count;
}

/**
 * Every entry of a pack, in order.
 * @param mostBytes of one object when inflated
 * @throws ToolError UPSTREAM for a malformed pack; TOO_LARGE
 */
export function* packedEntries(pack: ReadablePack, mostBytes: number): Generator<PackedEntry> {
  const end = pack.size - CHECKSUM_BYTES;
  const window = new Window(pack, end);
  let offset = HEADER_BYTES;
  for (let left = packedCount(pack); left > 0; left--) {
    const entry = readEntry(window, offset, mostBytes);
    yield entry;
    offset = entry.end;
  }
  if (offset !== end) throw malformed();
}

/** One entry again, whose end is known. */
export const packedEntryAt = (pack: ReadablePack, offset: number, end: number, mostBytes: number): PackedEntry =>
  readEntry(new Window(pack, end), offset, mostBytes);

function readEntry(window: Window, offset: number, mostBytes: number): PackedEntry {
  const header = readHeader(window.at(offset, LONGEST_ENTRY_HEADER), offset);
  if (header.size > mostBytes) {
    throw new ToolError("TOO_LARGE", `the remote sent an object of ${header.size} bytes; ${mostBytes} is the most`);
  }
  const { content, consumed } = inflate(window, offset + header.length, header.size);
  const end = offset + header.length + consumed;
  const { type, base } = header;
  return { offset, end, type, base, content, crc: crc32(window.at(offset, end - offset).subarray(0, end - offset)) };
}

interface EntryHeader {
  readonly type: ObjectType | "delta";
  readonly size: number;
  readonly base: number | string | undefined;
  readonly length: number;
}

function readHeader(bytes: Buffer, offset: number): EntryHeader {
  let at = 0;
  let byte = bytes[at++] ?? 0;
  const kind = (byte >> 4) & 7;
  const type = TYPES[kind];
  let size = byte & 15;
  for (let factor = 16; byte >= 0x80; factor *= 128) {
    if (at > 7) throw malformed();
    byte = bytes[at++] ?? 0;
    size += (byte & 0x7f) * factor;
  }
  if (type === undefined) throw malformed();
  if (kind === 7) {
    if (at + ID_BYTES > bytes.length) throw malformed();
    return { type, size, base: bytes.toString("hex", at, at + ID_BYTES), length: at + ID_BYTES };
  }
  if (kind < 6) return { type, size, base: undefined, length: at };
  let distance = -1;
  do {
    if (at > 15) throw malformed();
    byte = bytes[at++] ?? 0;
    distance = (distance + 1) * 128 + (byte & 0x7f);
  } while (byte >= 0x80);
  if (distance <= 0 || distance > offset - HEADER_BYTES) throw malformed();
  return { type, size, base: offset - distance, length: at };
}

function inflate(window: Window, offset: number, size: number): { content: Buffer; consumed: number } {
  // What zlib makes of data that cannot be compressed is a little longer; most of it is a lot shorter.
  for (let length = Math.min(size + (size >> 8) + 128, FIRST_TRY_BYTES); ; length *= 4) {
    const bytes = window.at(offset, length);
    try {
      const { buffer, engine } = inflateSync(bytes, {
        info: true,
        chunkSize: Math.max(64, Math.min(size + 1, WINDOW_BYTES)),
        maxOutputLength: Math.max(size, 1),
      }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
      if (buffer.length !== size) throw malformed();
      return { content: buffer, consumed: engine.bytesWritten };
    } catch (error) {
      const isCutOff = errnoOf(error) === "Z_BUF_ERROR" && bytes.length >= length;
      if (!isCutOff || length > size * 4 + 2 ** 20) throw malformed();
    }
  }
}

/** The part of a pack that is being read. */
class Window {
  readonly #pack: ReadablePack;
  readonly #end: number;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  /** @param end where nothing more is read */
  constructor(pack: ReadablePack, end: number) {
    this.#pack = pack;
    this.#end = end;
  }

  /** At least `length` bytes, or all there are. */
  at(offset: number, length: number): Buffer {
    const wanted = Math.min(length, this.#end - offset);
    if (wanted <= 0) throw malformed();
    if (offset < this.#start || offset + wanted > this.#start + this.#bytes.length) {
      const size = Math.min(Math.max(wanted, WINDOW_BYTES), this.#end - offset);
      this.#bytes = this.#pack.read(offset, size);
      this.#start = offset;
    }
    return this.#bytes.subarray(offset - this.#start);
  }
}

const malformed = () => new ToolError("UPSTREAM", "the remote sent a malformed pack");
