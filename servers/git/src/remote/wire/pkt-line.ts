import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";

/** Ends a message, or a section of one. */
export type Marker = "flush" | "delimiter" | "end";
/** What git's protocols are made of: lines that say how long they are, and marks between them. */
export type Packet = Buffer | Marker;

const LENGTH_BYTES = 4;
const MARKERS: readonly (Marker | undefined)[] = ["flush", "delimiter", "end"];
const MARKS: Record<Marker, string> = { flush: "0000", delimiter: "0001", end: "0002" };
const LONGEST = 65_520;

/** One line, as bytes; it gets its line feed here. */
export function packet(line: ByteString): Buffer {
  const length = LENGTH_BYTES + line.length + 1;
  return Buffer.from(`${length.toString(16).padStart(LENGTH_BYTES, "0")}${line}\n`, "latin1");
}

export const mark = (marker: Marker): Buffer => Buffer.from(MARKS[marker], "latin1");

/** @throws ToolError UPSTREAM when the stream ends within a packet or is no such stream */
export async function* readPackets(source: AsyncIterable<Buffer>): AsyncGenerator<Packet, void> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const bytes of source) {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    let at = 0;
    while (pending.length - at >= LENGTH_BYTES) {
      const length = lengthAt(pending, at);
      if (length > pending.length - at) break;
      yield MARKERS[length] ?? pending.subarray(at + LENGTH_BYTES, at + length);
      at += Math.max(length, LENGTH_BYTES);
    }
    pending = pending.subarray(at);
  }
  if (pending.length > 0) throw new ToolError("UNAVAILABLE", "the remote broke off in the middle of its answer");
}

function lengthAt(bytes: Buffer, at: number): number {
  const digits = bytes.toString("latin1", at, at + LENGTH_BYTES);
  const length = /^[\da-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : -1;
  if (length < 0 || length === 3 || length > LONGEST) {
    throw new ToolError("UPSTREAM", "the remote does not speak git's protocol");
  }
  return length;
}

/** A packet as a line without its line feed. */
export const lineOf = (bytes: Buffer): ByteString => bytes.toString("latin1").replace(/\n$/, "");

const LONGEST_WORDS = 300;

/** What a remote says to people, as one line that cannot do harm: it may be written by anyone. */
export function remoteWords(bytes: ByteString): string {
  const line = textOf(bytes)
    .replace(/[\p{C}\s]+/gu, " ")
    .trim();
  return line.length > LONGEST_WORDS ? `${line.slice(0, LONGEST_WORDS)}…` : line;
}
