import { damaged } from "./damaged.js";
import { FANOUT_BYTES, IdTable } from "./id-table.js";
import { readLong } from "./pack-index.js";
import type { PagedFile } from "./paged-file.js";

const HEADER = 12;
const LOOKUP_ENTRY = 12;
const LONG = 0x80000000;
const LONGEST_NAMES = 8 * 1024 * 1024;

/** `objects/pack/multi-pack-index`: which object is where in which of many packs. */
export class MultiPackIndex {
  readonly ids: IdTable;
  /** Names of the packs' `.idx` files. */
  readonly packs: readonly string[];
  readonly #file: PagedFile;
  readonly #offsetsAt: number;
  readonly #longOffsetsAt: number | undefined;

  /** @throws ToolError UPSTREAM, also for a version that is not known: the packs' own indexes do as well */
  constructor(file: PagedFile) {
    this.#file = file;
    const header = file.read(0, HEADER);
    if (header.toString("latin1", 0, 4) !== "MIDX" || header[4] !== 1 || header[5] !== 1 || header[7] !== 0) {
      throw damaged("the multi-pack-index has an unknown format");
    }
    const chunks = readChunks(file, header[6] ?? 0);
    const [fanout, ids, offsets, names] = ["OIDF", "OIDL", "OOFF", "PNAM"].map((id) => chunks.get(id));
    if (!fanout || !ids || !offsets || !names || fanout.size < FANOUT_BYTES)
      throw damaged("the multi-pack-index is incomplete");
    this.ids = new IdTable(file, { fanoutAt: fanout.at, idsAt: ids.at, stride: 20 });
    this.packs = packNames(file, names, header.readUInt32BE(8));
    this.#offsetsAt = offsets.at;
    this.#longOffsetsAt = chunks.get("LOFF")?.at;
  }

  /** Which pack (position in {@link packs}) and where in it. */
  place(position: number): { pack: number; offset: number } {
    const entry = this.#file.read(this.#offsetsAt + position * 8, 8);
    const pack = entry.readUInt32BE(0);
    const offset = entry.readUInt32BE(4);
    if (offset < LONG || this.#longOffsetsAt === undefined) return { pack, offset };
    return { pack, offset: readLong(this.#file, this.#longOffsetsAt + (offset - LONG) * 8) };
  }

  close(): void {
    this.#file.close();
  }
}

interface Chunk {
  readonly at: number;
  readonly size: number;
}

function readChunks(file: PagedFile, count: number): Map<string, Chunk> {
  const lookup = file.read(HEADER, (count + 1) * LOOKUP_ENTRY);
  const chunks = new Map<string, Chunk>();
  for (let i = 0; i < count; i++) {
    const entry = i * LOOKUP_ENTRY;
    const at = Number(lookup.readBigUInt64BE(entry + 4));
    const end = Number(lookup.readBigUInt64BE(entry + LOOKUP_ENTRY + 4));
    if (end < at || end > file.size) throw damaged("the multi-pack-index is cut off");
    chunks.set(lookup.toString("latin1", entry, entry + 4), { at, size: end - at });
  }
  return chunks;
}

function packNames(file: PagedFile, { at, size }: Chunk, count: number): string[] {
  if (size > LONGEST_NAMES) throw damaged("the multi-pack-index has too many packs");
  const names = file.read(at, size).toString("latin1").split("\0").slice(0, count);
  if (names.length < count) throw damaged("the multi-pack-index names too few packs");
  return names;
}
