import { ToolError } from "@mcp-reference/validation";
import type { ObjectId } from "../object-id.js";
import { type ChangedPaths, readChangedPaths } from "./changed-paths.js";

/** What a commit-graph says of a commit; its parents as places in the whole chain. */
export interface GraphEntry {
  readonly tree: ObjectId;
  readonly parents: readonly number[];
  readonly date: number;
  /** Number of commits on the longest way to a root. */
  readonly level: number;
  /** Not less than its own date, and greater than that of every ancestor; undefined in older files. */
  readonly correctedDate: number | undefined;
}

const ID_BYTES = 20;
const HEADER_BYTES = 8;
const TABLE_ROW_BYTES = 12;
const FANOUT_BYTES = 256 * 4;
const COMMIT_BYTES = ID_BYTES + 16;
const NO_PARENT = 0x70000000;
const MARK = 0x80000000;
const MOST_PARENTS = 10_000;

/** One file of a commit-graph: version 1, SHA-1, all bounds checked. */
export class CommitGraphLayer {
  readonly count: number;
  readonly changedPaths: ChangedPaths | undefined;
  readonly #chunks: ReadonlyMap<string, Buffer>;
  readonly #fanout: Buffer;
  readonly #ids: Buffer;
  readonly #commits: Buffer;

  /** @throws ToolError UPSTREAM for a damaged file, UNSUPPORTED for one of another version */
  constructor(file: Buffer) {
    if (file.length < HEADER_BYTES || file.toString("latin1", 0, 4) !== "CGPH") throw damagedGraph();
    if (file[4] !== 1 || file[5] !== 1) throw new ToolError("UNSUPPORTED", "The commit-graph is of an unknown version");
    this.#chunks = readChunks(file, file[6] ?? 0);
    this.#fanout = this.#chunk("OIDF", FANOUT_BYTES);
    this.count = this.#fanout.readUInt32BE(FANOUT_BYTES - 4);
    this.#ids = this.#chunk("OIDL", this.count * ID_BYTES);
    this.#commits = this.#chunk("CDAT", this.count * COMMIT_BYTES);
    this.changedPaths = readChangedPaths(this.#chunks.get("BIDX"), this.#chunks.get("BDAT"), this.count);
  }

  /** Has it the newer generation numbers? */
  get hasCorrectedDates(): boolean {
    return (this.#chunks.get("GDA2")?.length ?? 0) >= this.count * 4;
  }

  /** Older writers left levels out. */
  get hasLevels(): boolean {
    for (let at = ID_BYTES + 8; at < this.#commits.length; at += COMMIT_BYTES) {
      if (this.#commits.readUInt32BE(at) >>> 2 === 0) return false;
    }
    return true;
  }

  idAt(index: number): ObjectId {
    return this.#ids.toString("hex", index * ID_BYTES, (index + 1) * ID_BYTES);
  }

  /** Where a commit is in this file; undefined if it is not. */
  find(id: Buffer): number | undefined {
    const first = id[0] ?? 0;
    let low = first === 0 ? 0 : this.#fanout.readUInt32BE((first - 1) * 4);
    let high = Math.min(this.#fanout.readUInt32BE(first * 4), this.count);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#ids.compare(id, 0, ID_BYTES, middle * ID_BYTES, (middle + 1) * ID_BYTES);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }

  entry(index: number): GraphEntry {
    const at = index * COMMIT_BYTES + ID_BYTES;
    const high = this.#commits.readUInt32BE(at + 8);
    const date = (high & 3) * 2 ** 32 + this.#commits.readUInt32BE(at + 12);
    return {
      tree: this.#commits.toString("hex", at - ID_BYTES, at),
      parents: this.#parents(this.#commits.readUInt32BE(at), this.#commits.readUInt32BE(at + 4)),
      date,
      level: high >>> 2,
      correctedDate: this.hasCorrectedDates ? date + this.#dateOffset(index) : undefined,
    };
  }

  #parents(first: number, second: number): number[] {
    if (first === NO_PARENT) return [];
    if (second === NO_PARENT) return [first];
    if (second < MARK) return [first, second];
    const edges = this.#chunks.get("EDGE") ?? Buffer.alloc(0);
    const parents = [first];
    for (let at = (second - MARK) * 4; at + 4 <= edges.length && parents.length < MOST_PARENTS; at += 4) {
      const edge = edges.readUInt32BE(at);
      parents.push(edge >= MARK ? edge - MARK : edge);
      if (edge >= MARK) return parents;
    }
    throw damagedGraph();
  }

  #dateOffset(index: number): number {
    const offset = this.#chunks.get("GDA2")?.readUInt32BE(index * 4) ?? 0;
    if (offset < MARK) return offset;
    const large = this.#chunks.get("GDO2");
    const at = (offset - MARK) * 8;
    if (large === undefined || at + 8 > large.length) throw damagedGraph();
    return Number(large.readBigUInt64BE(at));
  }

  #chunk(name: string, bytes: number): Buffer {
    const chunk = this.#chunks.get(name);
    if (chunk === undefined || chunk.length < bytes) throw damagedGraph();
    return chunk.subarray(0, bytes);
  }
}

function readChunks(file: Buffer, count: number): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  if (HEADER_BYTES + (count + 1) * TABLE_ROW_BYTES > file.length) throw damagedGraph();
  for (let row = 0; row < count; row++) {
    const at = HEADER_BYTES + row * TABLE_ROW_BYTES;
    const start = Number(file.readBigUInt64BE(at + 4));
    const end = Number(file.readBigUInt64BE(at + TABLE_ROW_BYTES + 4));
    if (start > end || end > file.length) throw damagedGraph();
    chunks.set(file.toString("latin1", at, at + 4), file.subarray(start, end));
  }
  return chunks;
}

export const damagedGraph = (): ToolError =>
  new ToolError("UPSTREAM", "The commit-graph is damaged", {
    hint: "Delete objects/info/commit-graph and objects/info/commit-graphs, or run git commit-graph write",
  });
