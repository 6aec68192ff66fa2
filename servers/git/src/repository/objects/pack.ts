import { ToolError } from "@mcp-reference/validation";
import type { ConfinedFiles } from "../confined/confined-files.js";
import type { ObjectType } from "../object-id.js";
import { applyDelta, deltaSizes } from "./apply-delta.js";
import { damaged, tooLarge } from "./damaged.js";
import { inflateBeginning, inflateExactly, STREAM_BEGINNING } from "./inflate.js";
import type { ObjectCaches } from "./object-caches.js";
import { type PackEntry, readPackEntry } from "./pack-entry.js";
import { PackIndex } from "./pack-index.js";
import { PagedFile } from "./paged-file.js";
import type { GitObject } from "./types.js";

const HASH = 20;
/** Git makes chains of 50, and of 4095 at most. */
const DEEPEST_CHAIN = 4096;
/** Bytes made on the way to one object: a hostile chain of large ones would keep us busy for minutes. */
const MOST_WORK = 2 * 1024 ** 3;

/** A pack with its index, both opened when first needed. */
export class Pack {
  readonly #files: ConfinedFiles;
  readonly #name: string;
  readonly #caches: ObjectCaches;
  #index: PackIndex | undefined;
  #data: PagedFile | undefined;

  /** @param name such as `pack/pack-1234`, without its ending */
  constructor(files: ConfinedFiles, name: string, caches: ObjectCaches) {
    this.#files = files;
    this.#name = name;
    this.#caches = caches;
  }

  get index(): PackIndex {
    this.#index ??= new PackIndex(this.#open(".idx"));
    return this.#index;
  }

  /** @param id 20 bytes */
  find(id: Buffer): number | undefined {
    const position = this.index.ids.find(id);
    return position < 0 ? undefined : this.index.offset(position);
  }

  /** Type and size, for which no more than a delta's first bytes are inflated. */
  header(offset: number): { type: ObjectType; size: number } {
    const first = this.#entry(offset);
    let entry = first;
    for (let depth = 0; entry.type === "delta"; depth++) {
      if (depth > DEEPEST_CHAIN) throw damaged("a chain of deltas never ends");
      entry = this.#entry(this.#baseOf(entry));
    }
    return { type: entry.type, size: first.type === "delta" ? this.#resultSize(first) : first.size };
  }

  /** @param most bytes of an object @throws ToolError UPSTREAM, TOO_LARGE */
  read(offset: number, most: number): GitObject {
    const data = this.#open(".pack");
    const { base, deltas } = this.#chain(offset, most);
    const { type } = base;
    let { body } = base;
    let work = 0;
    for (const entry of deltas.reverse()) {
      body = this.#apply(body, entry, most);
      work += body.length;
      if (work > MOST_WORK) throw new ToolError("TOO_LARGE", "An object takes too much work to put together");
      this.#caches.bases.set(data.number, entry.offset, { type, body });
    }
    return { type, body };
  }

  close(): void {
    this.#index?.close();
    this.#data?.close();
    this.#index = this.#data = undefined;
  }

  /** The deltas that lead to the object, and the whole object that the last of them is made against. */
  #chain(offset: number, most: number): { base: GitObject; deltas: PackEntry[] } {
    const data = this.#open(".pack");
    const deltas: PackEntry[] = [];
    for (let at = offset; deltas.length <= DEEPEST_CHAIN; ) {
      const kept = this.#caches.bases.get(data.number, at);
      if (kept) return { base: kept, deltas };
      const entry = this.#entry(at);
      if (entry.size > most) throw tooLarge(entry.size, most);
      if (entry.type !== "delta") {
        const base = { type: entry.type, body: this.#inflate(entry) };
        if (deltas.length > 0) this.#caches.bases.set(data.number, at, base);
        return { base, deltas };
      }
      deltas.push(entry);
      at = this.#baseOf(entry);
    }
    throw damaged("a chain of deltas never ends");
  }

  #apply(base: Buffer, entry: PackEntry, most: number): Buffer {
    const delta = this.#inflate(entry);
    try {
      const { result } = deltaSizes(delta);
      if (result > most) throw tooLarge(result, most);
      return applyDelta(base, delta, most);
    } catch (error) {
      throw error instanceof RangeError ? damaged(`a delta in ${this.#name}.pack`, error) : error;
    }
  }

  #baseOf(entry: PackEntry): number {
    if (entry.baseOffset !== undefined) return entry.baseOffset;
    const offset = entry.baseId && this.find(entry.baseId);
    if (offset === undefined) throw damaged(`a delta in ${this.#name}.pack has no base`);
    return offset;
  }

  #resultSize(entry: PackEntry): number {
    const data = this.#open(".pack");
    const length = Math.min(STREAM_BEGINNING, data.size - HASH - entry.dataOffset);
    try {
      return deltaSizes(inflateBeginning(data.read(entry.dataOffset, length))).result;
    } catch (error) {
      throw error instanceof RangeError ? damaged(`a delta in ${this.#name}.pack`, error) : error;
    }
  }

  #inflate(entry: PackEntry): Buffer {
    const data = this.#open(".pack");
    const available = data.size - HASH - entry.dataOffset;
    // What deflate makes of bytes that cannot be compressed; a poorer compressor's stream may be longer still.
    let length = Math.min(available, entry.size + (entry.size >>> 10) + 64);
    for (;;) {
      try {
        const body = inflateExactly(data.read(entry.dataOffset, length), entry.size);
        if (body) return body;
      } catch (error) {
        throw error instanceof RangeError ? damaged(`an object in ${this.#name}.pack`, error) : error;
      }
      if (length === available || length > 2 * entry.size + 4096) throw damaged(`an object in ${this.#name}.pack`);
      length = Math.min(available, length * 2);
    }
  }

  #entry(offset: number): PackEntry {
    const data = this.#open(".pack");
    const entry = readPackEntry(data, offset, data.size - HASH);
    if (!entry) throw damaged(`${this.#name}.pack has no object at ${offset}`);
    return entry;
  }

  #open(ending: ".pack" | ".idx"): PagedFile {
    if (ending === ".pack" && this.#data) return this.#data;
    const file = PagedFile.open(this.#files, this.#name + ending, this.#caches);
    if (!file) throw new ToolError("NOT_FOUND", `${this.#name}${ending} is gone`);
    if (ending === ".idx") return file;
    this.#requirePack(file);
    this.#data = file;
    return file;
  }

  #requirePack(file: PagedFile): void {
    const header = file.read(0, 12);
    const version = header.readUInt32BE(4);
    if (header.toString("latin1", 0, 4) !== "PACK" || (version !== 2 && version !== 3)) {
      throw damaged(`${this.#name}.pack is not a pack`);
    }
    if (!file.read(file.size - HASH, HASH).equals(this.index.packHash)) {
      throw damaged(`${this.#name}.pack and its index do not belong together`);
    }
  }
}
