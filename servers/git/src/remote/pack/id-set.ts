import { randomBytes } from "node:crypto";

const ID_BYTES = 20;
const WORDS = 5;

/**
 * A set of object ids that takes 30 bytes for each, where strings would take a hundred. Which ids share a slot differs from
 * process to process: whoever makes up ids cannot make all of them meet in one.
 */
export class IdSet {
  size = 0;
  readonly #seeds = Array.from({ length: WORDS }, () => randomBytes(4).readUInt32LE() | 1);
  #ids = Buffer.alloc(1024 * ID_BYTES);
  /** Positions in `#ids` from 1; 0 is free. At most half are taken. */
  #slots = new Uint32Array(2048);

  /** Adds the id at `at` of some bytes. */
  add(bytes: Buffer, at = 0): void {
    const slot = this.#find(bytes, at);
    if (this.#slots[slot] !== 0) return;
    if (this.size * ID_BYTES === this.#ids.length)
      this.#ids = Buffer.concat([this.#ids, Buffer.alloc(this.#ids.length)]);
    bytes.copy(this.#ids, this.size * ID_BYTES, at, at + ID_BYTES);
    this.#slots[slot] = ++this.size;
    if (this.size * 2 > this.#slots.length) this.#grow();
  }

  has(bytes: Buffer, at = 0): boolean {
    return this.#slots[this.#find(bytes, at)] !== 0;
  }

  /** The ids in the order they were added; bytes that are not to be kept. */
  *[Symbol.iterator](): Generator<Buffer> {
    for (let at = 0; at < this.size; at++) yield this.#ids.subarray(at * ID_BYTES, (at + 1) * ID_BYTES);
  }

  /** Slot of an id, or the free one where it belongs. */
  #find(bytes: Buffer, at: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(bytes, at) & mask;
    for (;;) {
      const position = this.#slots[slot] ?? 0;
      if (position === 0) return slot;
      const start = (position - 1) * ID_BYTES;
      if (bytes.compare(this.#ids, start, start + ID_BYTES, at, at + ID_BYTES) === 0) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #hash(bytes: Buffer, at: number): number {
    let hash = 0;
    for (let word = 0; word < WORDS; word++) {
      hash = Math.imul(hash ^ bytes.readUInt32LE(at + word * 4), this.#seeds[word] ?? 1);
      hash ^= hash >>> 15;
    }
    return hash >>> 0;
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let position = 1; position <= this.size; position++) {
      this.#slots[this.#find(this.#ids, (position - 1) * ID_BYTES)] = position;
    }
  }
}
