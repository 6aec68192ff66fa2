import { randomInt } from "node:crypto";
import { commonLines, type Lines } from "./lines.js";

/** Differs from process to process: else files could be made of lines with equal hashes, which take for ever to tell apart. */
const MULTIPLIER = (randomInt(2 ** 28) << 3) | 5;

/** Lines with a number each; equal lines of one interner have equal numbers. */
export interface NumberedLines {
  readonly lines: Lines;
  readonly ids: Int32Array;
}

/** Gives equal lines equal numbers, from 0 on, across all the files that it is shown. */
export class LineInterner {
  /** Open addressing: the id of a line plus one, or 0. */
  #slots = new Int32Array(64);
  /** By id: hash, file and place of the first such line. */
  #hashes = new Int32Array(32);
  #files = new Int32Array(32);
  #starts = new Int32Array(32);
  #ends = new Int32Array(32);
  readonly #contents: Buffer[] = [];
  #count = 0;
  #bytes = 0;

  /** How many different lines there were. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of content that are kept to compare with. */
  get keptBytes(): number {
    return this.#bytes;
  }

  /**
   * Numbers the lines of a file.
   * @param like a file of this interner that is likely to be similar: what is the same there is compared as a whole
   */
  number(lines: Lines, like?: NumberedLines): NumberedLines {
    const ids = new Int32Array(lines.count);
    this.#reserve(lines.count);
    const before = this.#count;
    let other = 0;
    let line = like ? copySameLines(ids, lines, 0, like, 0) : 0;
    if (like) other = line;
    let patience = PATIENCE;
    while (line < lines.count) {
      const id = this.#idOf(lines, line);
      ids[line++] = id;
      const again = like && patience > 0 ? indexNear(like.ids, id, other) : -1;
      if (!like || again < 0) continue;
      const same = copySameLines(ids, lines, line, like, again + 1);
      line += same;
      patience += same - WORTHWHILE;
      other = again + 1 + same;
    }
    if (this.#count > before) this.#bytes += lines.content.length;
    this.#contents.push(this.#count > before ? lines.content : NO_CONTENT);
    return { lines, ids };
  }

  #idOf({ content, starts }: Lines, line: number): number {
    const start = starts[line] ?? 0;
    const end = starts[line + 1] ?? 0;
    let hash = end - start;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, MULTIPLIER) + (content[at] ?? 0)) | 0;
    const mask = this.#slots.length - 1;
    let slot = spread(hash) & mask;
    for (;;) {
      const id = (this.#slots[slot] ?? 0) - 1;
      if (id < 0) return this.#add(slot, hash, start, end);
      if (this.#hashes[id] === hash && this.#isAt(id, content, start, end)) return id;
      slot = (slot + 1) & mask;
    }
  }

  #isAt(id: number, content: Buffer, start: number, end: number): boolean {
    const from = this.#starts[id] ?? 0;
    if ((this.#ends[id] ?? 0) - from !== end - start) return false;
    const known = this.#contents[this.#files[id] ?? 0] ?? content;
    for (let at = start, other = from; at < end; at++, other++) if (content[at] !== known[other]) return false;
    return true;
  }

  #add(slot: number, hash: number, start: number, end: number): number {
    const id = this.#count++;
    this.#slots[slot] = id + 1;
    this.#hashes[id] = hash;
    this.#files[id] = this.#contents.length;
    this.#starts[id] = start;
    this.#ends[id] = end;
    return id;
  }

  #reserve(more: number): void {
    const needed = this.#count + more;
    if (needed > this.#hashes.length) {
      const room = Math.max(needed, this.#hashes.length * 2);
      this.#hashes = resized(this.#hashes, room);
      this.#files = resized(this.#files, room);
      this.#starts = resized(this.#starts, room);
      this.#ends = resized(this.#ends, room);
    }
    if (needed * 2 <= this.#slots.length) return;
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(needed * 2)));
    const mask = this.#slots.length - 1;
    for (let id = 0; id < this.#count; id++) {
      let slot = spread(this.#hashes[id] ?? 0) & mask;
      while (this.#slots[slot]) slot = (slot + 1) & mask;
      this.#slots[slot] = id + 1;
    }
  }
}

/** Same lines in a row that make it worth while to compare blocks, and how many more of them may be wanting in all. */
const WORTHWHILE = 4;
const PATIENCE = 1000;

const NO_CONTENT = Buffer.alloc(0);

/** Lines ahead in which a similar file is expected to go on alike. */
const NEAR = 32;

function indexNear(ids: Int32Array, id: number, from: number): number {
  const end = Math.min(ids.length, from + NEAR);
  for (let at = from; at < end; at++) if (ids[at] === id) return at;
  return -1;
}

/** Copies the ids of lines that are the same from given lines on. @returns how many */
function copySameLines(ids: Int32Array, lines: Lines, from: number, like: NumberedLines, likeFrom: number): number {
  const same = commonLines(lines, from, like.lines, likeFrom);
  if (same > 0) ids.set(like.ids.subarray(likeFrom, likeFrom + same), from);
  return same;
}

/** Makes the low bits depend on all bits. */
const spread = (hash: number): number => {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
};

function resized(numbers: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(length);
  copy.set(numbers);
  return copy;
}
