import { createHash } from "node:crypto";
import { ToolError } from "@mcp-reference/validation";
import type { Layout } from "../layout/types.js";
import { isObjectId, type ObjectId, type ObjectType } from "../object-id.js";
import { isDamaged } from "./damaged.js";
import { LooseObjects } from "./loose-objects.js";
import { ObjectCaches } from "./object-caches.js";
import { PackDirectory, type PackedPlace } from "./pack-directory.js";
import { parseCommit } from "./parse-commit.js";
import { parseTag } from "./parse-tag.js";
import { parseTree } from "./parse-tree.js";
import type { Commit, GitObject, ObjectStore, Tag, TreeEntry } from "./types.js";

/** Bytes of one object. Hosts take files of 100 MB at most. */
const MOST_BYTES = 128 * 1024 * 1024;
/** Ids with one prefix: more tell nothing new. */
const MOST_MATCHES = 32;
/** Git knows the tree without entries even where nobody wrote it. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/**
 * Opens the objects of a repository.
 *
 * Packed objects are not hashed on reading (as git), loose ones are. A damaged copy of an object is passed over where there is another.
 * `refs/replace` and grafts are not followed.
 *
 * @param caches shared by the stores of a process
 */
export function openObjectStore(layout: Layout, caches: ObjectCaches = new ObjectCaches()): ObjectStore {
  return new Objects(layout, caches);
}

class Objects implements ObjectStore {
  readonly #caches: ObjectCaches;
  readonly #number: number;
  readonly #packs: readonly PackDirectory[];
  readonly #loose: readonly LooseObjects[];
  readonly #id = Buffer.alloc(20);

  constructor({ objectDirs }: Layout, caches: ObjectCaches) {
    this.#caches = caches;
    this.#number = caches.number();
    this.#packs = objectDirs.map((files) => new PackDirectory(files, caches));
    this.#loose = objectDirs.map((files) => new LooseObjects(files));
  }

  read(oid: ObjectId): GitObject {
    const kept = this.#caches.objects.get(this.#number, oid);
    if (kept) return kept;
    const object = this.#found(
      oid,
      ({ pack, offset }) => pack.read(offset, MOST_BYTES),
      (loose) => loose.read(oid, MOST_BYTES),
    );
    if (!object && oid === EMPTY_TREE) return { type: "tree", body: Buffer.alloc(0) };
    if (!object) throw this.#missing(oid);
    if (object.type !== "blob") this.#caches.objects.set(this.#number, oid, object);
    return object;
  }

  header(oid: ObjectId): { type: ObjectType; size: number } {
    const kept = this.#caches.objects.get(this.#number, oid);
    if (kept) return { type: kept.type, size: kept.body.length };
    const header = this.#found(
      oid,
      ({ pack, offset }) => pack.header(offset),
      (loose) => loose.header(oid),
    );
    if (!header && oid === EMPTY_TREE) return { type: "tree", size: 0 };
    if (!header) throw this.#missing(oid);
    return header;
  }

  has(oid: ObjectId): boolean {
    return this.#isStored(oid) || oid === EMPTY_TREE;
  }

  commit(oid: ObjectId): Commit {
    return parseCommit(oid, this.#body(oid, "commit"));
  }

  tree(oid: ObjectId): readonly TreeEntry[] {
    return parseTree(oid, this.#body(oid, "tree"));
  }

  blob(oid: ObjectId): Buffer {
    return this.#body(oid, "blob");
  }

  tag(oid: ObjectId): Tag {
    return parseTag(oid, this.#body(oid, "tag"));
  }

  matching(prefix: string): ObjectId[] {
    const start = prefix.toLowerCase();
    if (!/^[0-9a-f]{4,40}$/.test(start)) return [];
    const sources = [...this.#packs, ...this.#loose];
    const find = () => new Set(sources.flatMap((source) => source.matching(start, MOST_MATCHES)));
    let ids = find();
    if (ids.size === 0 && this.#rescan()) ids = find();
    return [...ids].sort().slice(0, MOST_MATCHES);
  }

  write(type: ObjectType, body: Uint8Array): ObjectId {
    const whole = Buffer.concat([Buffer.from(`${type} ${body.length}\0`, "latin1"), body]);
    const oid = createHash("sha1").update(whole).digest("hex");
    // What others packed just now is written once more, which harms nobody.
    if (this.#loose[0]?.touch(oid) || this.#ask(oid, isPacked, isLoose(oid), [])) return oid;
    this.#loose[0]?.write(oid, whole);
    return oid;
  }

  refresh(): void {
    this.#rescan();
  }

  close(): void {
    for (const packs of this.#packs) packs.close();
  }

  #body(oid: ObjectId, type: ObjectType): Buffer {
    const object = this.read(oid);
    if (object.type === type) return object.body;
    throw new ToolError("INVALID_ARGUMENT", `${oid} is a ${object.type}, not a ${type}`);
  }

  /** On disk, whatever is in memory: someone may have pruned it. */
  #isStored(oid: ObjectId): boolean {
    return this.#found(oid, isPacked, isLoose(oid)) ?? false;
  }

  /** Asks packs, then loose objects; when none has it, once more, should a repack have moved it meanwhile. */
  #found<Found>(
    oid: ObjectId,
    packed: (place: PackedPlace) => Found,
    loose: (objects: LooseObjects) => Found | undefined,
  ) {
    if (!isObjectId(oid)) throw new ToolError("INVALID_ARGUMENT", "An object id has 40 hexadecimal digits");
    const failures: unknown[] = [];
    const found =
      this.#ask(oid, packed, loose, failures) ?? (this.#rescan() ? this.#ask(oid, packed, loose, failures) : undefined);
    if (found === undefined && failures.length > 0) throw failures[0];
    return found;
  }

  #ask<Found>(
    oid: ObjectId,
    packed: (place: PackedPlace) => Found,
    loose: (objects: LooseObjects) => Found | undefined,
    failures: unknown[],
  ): Found | undefined {
    this.#id.write(oid, "hex");
    for (const packs of this.#packs) {
      const found = packs.firstOf(this.#id, (place) => attempt(() => packed(place), failures));
      if (found !== undefined) return found;
    }
    for (const objects of this.#loose) {
      const found = attempt(() => loose(objects), failures);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #rescan(): boolean {
    let changed = false;
    for (const packs of this.#packs) changed = packs.refresh() || changed;
    return changed;
  }

  #missing(oid: ObjectId): ToolError {
    if (this.#packs.some((packs) => packs.isPartial)) {
      return new ToolError("UNSUPPORTED", `Object ${oid} was left out of this partial clone`, {
        hint: "Fetch it with git, such as by checking out the commit that needs it",
      });
    }
    return new ToolError("NOT_FOUND", `There is no object ${oid}`);
  }
}

const isPacked = (): true => true;

const isLoose =
  (oid: ObjectId) =>
  (loose: LooseObjects): true | undefined =>
    loose.has(oid) || undefined;

/** Another copy may be whole, and a pack that is gone has been packed anew: what went wrong counts only when all fail. */
function attempt<Found>(read: () => Found, failures: unknown[]): Found | undefined {
  try {
    return read();
  } catch (error) {
    if (isDamaged(error)) failures.push(error);
    else if (!(error instanceof ToolError && error.code === "NOT_FOUND")) throw error;
    return undefined;
  }
}
