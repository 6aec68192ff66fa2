import type { Duplex } from "node:stream";
import type { Cell, Row } from "./types.js";

const DATA_ROW = 0x44;
/** A message is its kind in a byte, its length in four, which count themselves, and its body. */
const LENGTH_BYTES = 4;
const HEAD_BYTES = 1 + LENGTH_BYTES;
const ASCII = 0x7f;
const NOT_ASCII = /[\x80-\xff]/;

type Listener = (chunk: Buffer) => void;

/**
 * Takes the rows out of what the server sends, and leaves the rest to pg, which would make an event of each row and go
 * into native code for each cell: half the time of a large result. To be opened between two messages.
 */
export class RowTap {
  readonly #pg: Listener;
  /** The beginning of a row whose end has not arrived, and how many bytes it will have. */
  #begun: Buffer[] = [];
  #begunBytes = 0;
  #wanted = 0;
  /** Bytes of a message for pg that are still to come. */
  #passing = 0;
  #open = true;

  constructor(
    private readonly stream: Duplex,
    private readonly onRow: (row: Row) => void,
  ) {
    this.#pg = stream.listeners("data").at(-1) as Listener; // the guard before it has put itself first
    stream.off("data", this.#pg);
    stream.on("data", this.#take);
  }

  /** Leaves everything to pg again. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.stream.off("data", this.#take);
    this.stream.on("data", this.#pg);
  }

  readonly #take = (chunk: Buffer): void => {
    this.#begunBytes += chunk.length;
    if (this.#begunBytes < this.#wanted) return void this.#begun.push(chunk);
    const bytes = this.#begun.length === 0 ? chunk : Buffer.concat([...this.#begun, chunk]);
    this.#begun = [];
    try {
      this.#keep(bytes.subarray(this.#read(bytes)));
    } catch (error) {
      this.stream.destroy(error as Error); // not the protocol
    }
  };

  /** @returns where the row begins that is not whole */
  #read(bytes: Buffer): number {
    let at = this.#pass(bytes, 0, this.#passing);
    while (this.#open && at + HEAD_BYTES <= bytes.length) {
      const rows = at;
      while (bytes[at] === DATA_ROW && endOf(bytes, at) <= bytes.length) at = endOf(bytes, at);
      if (at > rows) for (const row of decodeRows(bytes.subarray(rows, at))) this.onRow(row);
      else if (bytes[at] === DATA_ROW) break;
      else at = this.#pass(bytes, at, endOf(bytes, at) - at);
    }
    // Closed by what pg read: the rest is pg's too.
    return this.#open ? at : this.#pass(bytes, at, bytes.length - at);
  }

  /** Hands on so many bytes, of which some may not have arrived. @returns where they end */
  #pass(bytes: Buffer, from: number, count: number): number {
    const end = Math.min(from + count, bytes.length);
    this.#passing = from + count - end;
    if (end > from) this.#pg(bytes.subarray(from, end));
    return end;
  }

  #keep(rest: Buffer): void {
    this.#begunBytes = rest.length;
    this.#wanted = 0;
    if (rest.length === 0) return;
    this.#wanted = rest.length < HEAD_BYTES ? HEAD_BYTES : endOf(rest, 0);
    this.#begun.push(rest);
  }
}

/** Where the message ends that begins at `at`; past the end of `bytes` when its length has not arrived. */
function endOf(bytes: Buffer, at: number): number {
  if (at + HEAD_BYTES > bytes.length) return Number.POSITIVE_INFINITY;
  const length = bytes.readInt32BE(at + 1);
  if (length < LENGTH_BYTES) throw new Error(`a message of ${length} bytes`);
  return at + 1 + length;
}

/**
 * Reads whole DataRow messages: the number of cells in two bytes, then for each its length in four (-1 for NULL) and its
 * text. All are turned into one string and cut out of that, which is right as long as there is nothing but ASCII in them.
 */
function decodeRows(bytes: Buffer): Row[] {
  const latin1 = bytes.toString("latin1");
  const rows: Row[] = [];
  const notAscii = cutRows(bytes, rows, (from, to) => latin1.slice(from, to));
  if (Buffer.byteLength(latin1) - latin1.length === notAscii) return rows;
  rows.length = 0;
  cutRows(bytes, rows, (from, to) => {
    const cell = latin1.slice(from, to);
    return NOT_ASCII.test(cell) ? bytes.toString("utf8", from, to) : cell;
  });
  return rows;
}

/** @returns how many bytes outside the cells are not ASCII */
function cutRows(bytes: Buffer, rows: Row[], cut: (from: number, to: number) => string): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let notAscii = 0;
  let at = 0;
  while (at < bytes.length) {
    const end = endOf(bytes, at);
    notAscii += notAsciiIn(view.getInt32(at + 1)) + notAsciiIn(view.getInt16(at + HEAD_BYTES));
    const row = new Array<Cell>(view.getInt16(at + HEAD_BYTES));
    at += HEAD_BYTES + 2;
    for (let column = 0; column < row.length; column += 1) {
      const length = view.getInt32(at);
      if (length > ASCII || length < 0) notAscii += notAsciiIn(length);
      at += LENGTH_BYTES;
      row[column] = length < 0 ? null : cut(at, at + length);
      if (length > 0) at += length;
    }
    if (at !== end) throw new Error("a row that is not as long as its message");
    rows.push(row);
  }
  return notAscii;
}

/** Of the bytes of a number, how many have the highest bit. */
const notAsciiIn = (number: number) =>
  ((number >>> 31) & 1) + ((number >>> 23) & 1) + ((number >>> 15) & 1) + ((number >>> 7) & 1);
