import { ToolError } from "@mcp-reference/validation";
import type { ObjectId, ObjectType } from "../../repository/object-id.js";
import { applyDelta } from "../../repository/objects/apply-delta.js";
import type { IndexedObjects } from "./index-pack.js";
import { packedEntryAt, type ReadablePack } from "./pack-entries.js";

const ID_BYTES = 20;
const NONE = -1;
/** What git's own packs may have. */
const DEEPEST_CHAIN = 4095;
/** Bytes of bases that are held while what is made from them is made. */
const MOST_HELD = 512 * 1024 ** 2;
const TYPES: readonly ObjectType[] = ["commit", "tree", "blob", "tag"];

interface Base {
  readonly position: number;
  readonly type: ObjectType;
  readonly content: Buffer;
  readonly depth: number;
  /** Deltas on it that are still to be resolved. */
  readonly children: number[];
}

interface Resolving {
  readonly mostObjectBytes: number;
  readonly objects: IndexedObjects;
  readonly identify: (position: number, type: ObjectType, content: Buffer) => void;
}

/** Which objects of a pack are stored as deltas on which others. */
export class DeltaTree {
  readonly #firstChild: Int32Array;
  readonly #nextSibling: Int32Array;
  readonly #byBaseId = new Map<ObjectId, number[]>();
  readonly #ends: Float64Array;
  /** Positions of objects that are stored whole. */
  readonly #types: Int8Array;

  constructor(count: number) {
    this.#firstChild = new Int32Array(count).fill(NONE);
    this.#nextSibling = new Int32Array(count).fill(NONE);
    this.#ends = new Float64Array(count);
    this.#types = new Int8Array(count).fill(NONE);
  }

  /** @param base position in the pack, or an id that some object of it turns out to have */
  add(position: number, base: number | ObjectId): void {
    if (typeof base === "string") {
      const known = this.#byBaseId.get(base);
      if (known) known.push(position);
      else this.#byBaseId.set(base, [position]);
    } else {
      this.#nextSibling[position] = this.#firstChild[base] ?? NONE;
      this.#firstChild[base] = position;
    }
  }

  /** Where an entry ends and what it is. */
  end(position: number, end: number, type: ObjectType | "delta"): void {
    this.#ends[position] = end;
    if (type !== "delta") this.#types[position] = TYPES.indexOf(type);
  }

  /** Makes every object there is a base for, and says so after each. @throws ToolError UPSTREAM, TOO_LARGE */
  *resolve(pack: ReadablePack, resolving: Resolving): Generator<void> {
    const { objects } = resolving;
    for (let position = 0; position < objects.count; position++) {
      const type = TYPES[this.#types[position] ?? NONE];
      if (type === undefined) continue;
      const children = this.#takeChildren(position, objects);
      if (children.length === 0) continue;
      const { content } = this.#read(pack, position, resolving);
      yield* this.#resolveFrom({ position, type, content, depth: 0, children }, pack, resolving);
    }
  }

  *#resolveFrom(root: Base, pack: ReadablePack, resolving: Resolving): Generator<void> {
    const bases = [root];
    let held = root.content.length;
    for (let base = bases.at(-1); base; base = bases.at(-1)) {
      const position = base.children.pop() ?? NONE;
      // Let go of it before the next one is held: a chain then takes no more than two.
      if (base.children.length === 0) {
        bases.pop();
        held -= base.content.length;
      }
      if (base.depth >= DEEPEST_CHAIN) throw malformed();
      const content = this.#make(base, this.#read(pack, position, resolving).content, resolving.mostObjectBytes);
      resolving.identify(position, base.type, content);
      yield;
      const children = this.#takeChildren(position, resolving.objects);
      if (children.length === 0) continue;
      held += content.length;
      if (held > MOST_HELD) throw new ToolError("TOO_LARGE", "the remote sent a pack that takes too much memory");
      bases.push({ position, type: base.type, content, depth: base.depth + 1, children });
    }
  }

  #make({ content }: Base, delta: Buffer, mostBytes: number): Buffer {
    try {
      return applyDelta(content, delta, mostBytes);
    } catch (error) {
      if (error instanceof RangeError) throw malformed();
      throw error;
    }
  }

  #read(pack: ReadablePack, position: number, { objects, mostObjectBytes }: Resolving) {
    return packedEntryAt(pack, objects.offsets[position] ?? 0, this.#ends[position] ?? 0, mostObjectBytes);
  }

  /** Deltas on an object whose id is known, each given once. */
  #takeChildren(position: number, { ids }: IndexedObjects): number[] {
    const children: number[] = [];
    for (let child = this.#firstChild[position] ?? NONE; child !== NONE; child = this.#nextSibling[child] ?? NONE) {
      children.push(child);
    }
    this.#firstChild[position] = NONE;
    if (this.#byBaseId.size > 0) {
      const id = ids.toString("hex", position * ID_BYTES, (position + 1) * ID_BYTES);
      for (const child of this.#byBaseId.get(id) ?? []) children.push(child);
      this.#byBaseId.delete(id);
    }
    return children;
  }
}

const malformed = () => new ToolError("UPSTREAM", "the remote sent a malformed pack");
