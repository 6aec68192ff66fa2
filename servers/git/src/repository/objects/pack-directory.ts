import { lstatSync } from "node:fs";
import { ToolError } from "@mcp-reference/validation";
import type { ConfinedFiles } from "../confined/confined-files.js";
import type { ObjectId } from "../object-id.js";
import { isDamaged } from "./damaged.js";
import type { IdTable } from "./id-table.js";
import { MultiPackIndex } from "./multi-pack-index.js";
import type { ObjectCaches } from "./object-caches.js";
import { Pack } from "./pack.js";
import { PagedFile } from "./paged-file.js";

const DIRECTORY = "pack";
const MULTI = "multi-pack-index";
const PACK = ".pack";
const MOST_PACKS = 4000;
/** Nanoseconds within which a directory may change twice under one time stamp. */
const RACY = 2_000_000_000n;

/** Where an object is. */
export interface PackedPlace {
  readonly pack: Pack;
  readonly offset: number;
}

/** The packs of one object directory. */
export class PackDirectory {
  readonly #files: ConfinedFiles;
  readonly #caches: ObjectCaches;
  /** By what tells one file from another of the same name. */
  #packs = new Map<string, Pack>();
  /** Those that no multi-pack-index covers, the one that had the last object first. */
  #single: Pack[] = [];
  #multi: { readonly index: MultiPackIndex; readonly packs: readonly (Pack | undefined)[] } | undefined;
  #seen: { readonly state: string; readonly racy: boolean } | undefined;
  #identities = "";
  /** Some objects were left out on purpose: the repository is a partial clone. */
  isPartial = false;

  constructor(files: ConfinedFiles, caches: ObjectCaches) {
    this.#files = files;
    this.#caches = caches;
  }

  /** Asks each place of an object, the likeliest first, until one answers. @param id 20 bytes */
  firstOf<Found>(id: Buffer, ask: (place: PackedPlace) => Found | undefined): Found | undefined {
    if (!this.#seen) this.refresh();
    const multi = this.#multi;
    const position = multi ? multi.index.ids.find(id) : -1;
    if (multi && position >= 0) {
      const place = multi.index.place(position);
      const pack = multi.packs[place.pack];
      const found = pack && ask({ pack, offset: place.offset });
      if (found !== undefined) return found;
    }
    for (const pack of this.#single) {
      const offset = findIn(pack, id);
      if (offset === undefined) continue;
      if (pack !== this.#single[0]) this.#single = [pack, ...this.#single.filter((other) => other !== pack)];
      const found = ask({ pack, offset });
      if (found !== undefined) return found;
    }
    return undefined;
  }

  matching(prefix: string, most: number): ObjectId[] {
    if (!this.#seen) this.refresh();
    const tables = [
      ...(this.#multi ? [this.#multi.index.ids] : []),
      ...this.#single.flatMap((pack) => idsOf(pack) ?? []),
    ];
    return tables.flatMap((table) => table.matching(prefix, most));
  }

  /** Notices packs that came or went. @returns whether any did */
  refresh(): boolean {
    const stats = this.#files.stat(DIRECTORY);
    const state = `${stats?.ino}:${stats?.mtimeNs}`;
    if (this.#seen?.state === state && !this.#seen.racy) return false;
    const now = BigInt(Date.now()) * 1_000_000n;
    const names = stats?.isDirectory() ? this.#list() : new Map<string, string>();
    this.#seen = { state, racy: stats !== undefined && now - stats.mtimeNs < RACY };
    return this.#take(names);
  }

  close(): void {
    for (const pack of this.#packs.values()) pack.close();
    this.#multi?.index.close();
    this.#packs = new Map();
    this.#single = [];
    this.#multi = this.#seen = undefined;
    this.#identities = "";
  }

  /** Packs that have an index, the newest first, with what tells each from another file of that name. */
  #list(): Map<string, string> {
    const directory = this.#files.directory(DIRECTORY);
    try {
      const entries = directory.entries().map((entry) => entry.name.toString("latin1"));
      const all = new Set(entries);
      this.isPartial = entries.some((name) => name.endsWith(".promisor"));
      const packs = entries.filter((name) => name.endsWith(".idx") && all.has(packOf(name)));
      if (packs.length > MOST_PACKS) {
        throw new ToolError("TOO_LARGE", `The repository has ${packs.length} packs`, { hint: "Run git gc" });
      }
      const found = [...packs.map(packOf), ...(all.has(MULTI) ? [MULTI] : [])].flatMap((name) => {
        const stats = lstatSync(directory.at(name), { throwIfNoEntry: false, bigint: true });
        return stats
          ? [{ name, time: stats.mtimeNs, identity: `${name}:${stats.ino}:${stats.mtimeNs}:${stats.size}` }]
          : [];
      });
      found.sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
      return new Map(found.map(({ name, identity }) => [name, identity]));
    } finally {
      directory.close();
    }
  }

  /** @returns whether anything is not as it was */
  #take(names: ReadonlyMap<string, string>): boolean {
    const identities = [...names.values()].join("\n");
    if (identities === this.#identities) return false;
    this.#identities = identities;
    const packs = new Map<string, Pack>();
    const byName = new Map<string, Pack>();
    for (const [name, identity] of names) {
      if (name === MULTI) continue;
      const pack =
        this.#packs.get(identity) ?? new Pack(this.#files, `${DIRECTORY}/${name.slice(0, -PACK.length)}`, this.#caches);
      packs.set(identity, pack);
      byName.set(name, pack);
    }
    for (const [identity, pack] of this.#packs) if (!packs.has(identity)) pack.close();
    this.#packs = packs;
    this.#multi?.index.close();
    this.#multi = names.has(MULTI) ? this.#openMulti(byName) : undefined;
    const covered = new Set(this.#multi?.packs);
    this.#single = [...byName.values()].filter((pack) => !covered.has(pack));
    return true;
  }

  /** One that cannot be read is done without: each pack has an index of its own. */
  #openMulti(byName: ReadonlyMap<string, Pack>) {
    const file = PagedFile.open(this.#files, `${DIRECTORY}/${MULTI}`, this.#caches);
    if (!file) return undefined;
    try {
      const index = new MultiPackIndex(file);
      return { index, packs: index.packs.map((name) => byName.get(packOf(name))) };
    } catch (error) {
      file.close();
      if (isDamaged(error)) return undefined;
      throw error;
    }
  }
}

const packOf = (indexName: string): string => indexName.replace(/\.idx$/, PACK);

/** A pack that is gone or damaged does not keep the others from being asked. */
function findIn(pack: Pack, id: Buffer): number | undefined {
  try {
    return pack.find(id);
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

function idsOf(pack: Pack): IdTable | undefined {
  try {
    return pack.index.ids;
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
