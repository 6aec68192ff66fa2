import { damaged } from "./damaged.js";
import { FANOUT_BYTES, IdTable } from "./id-table.js";
import type { PagedFile } from "./paged-file.js";

const MAGIC = 0xff744f63;
const HASH = 20;
/** The highest bit of an offset says that the rest is a position in the table of long ones. */
const LONG = 0x80000000;

/** An `.idx` file, version 1 or 2: which object is where in its pack. */
export class PackIndex {
  readonly ids: IdTable;
  /** What the pack must end with. */
  readonly packHash: Buffer;
  readonly #file: PagedFile;
  readonly #version: number;

  /** @throws ToolError UPSTREAM */
  constructor(file: PagedFile) {
    this.#file = file;
    this.#version = file.read(0, 4).readUInt32BE() === MAGIC ? file.read(4, 4).readUInt32BE() : 1;
    if (this.#version > 2) throw damaged(`a pack index has version ${this.#version}`);
    this.ids =
      this.#version === 1
        ? new IdTable(file, { fanoutAt: 0, idsAt: FANOUT_BYTES + 4, stride: 4 + HASH })
        : new IdTable(file, { fanoutAt: 8, idsAt: 8 + FANOUT_BYTES, stride: HASH });
    this.packHash = Buffer.from(file.read(file.size - 2 * HASH, HASH));
  }

  /** Offset of the object at a position of {@link ids}. */
  offset(position: number): number {
    if (this.#version === 1) return this.#file.read(FANOUT_BYTES + position * (4 + HASH), 4).readUInt32BE();
    const offsetsAt = 8 + FANOUT_BYTES + this.ids.count * (HASH + 4);
    const offset = this.#file.read(offsetsAt + position * 4, 4).readUInt32BE();
    if (offset < LONG) return offset;
    return readLong(this.#file, offsetsAt + this.ids.count * 4 + (offset - LONG) * 8);
  }

  close(): void {
    this.#file.close();
  }
}

/** Eight bytes as a number. @throws ToolError UPSTREAM beyond what a file can be long */
export function readLong(file: PagedFile, at: number): number {
  const value = file.read(at, 8).readBigUInt64BE();
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged("an offset is beyond the end of every file");
  return Number(value);
}
