import type { ConfinedFiles } from "../confined/confined-files.js";
import type { ObjectId } from "../object-id.js";
import type { ObjectStore } from "../objects/types.js";
import type { Repository } from "../repository.js";
import { packedObjectCount } from "./object-count.js";

const SHORTEST_AUTOMATIC = 7;
const SHORTEST = 4;
const lengths = new WeakMap<ObjectStore, { readonly at: number; readonly length: number }>();
/** Milliseconds for which the number of objects is taken as it was. */
const KEPT_MS = 2000;

/** The beginning of an id that git would print: as long as `core.abbrev` says or the number of objects asks for, and unique. */
export function abbreviate(repo: Repository, oid: ObjectId): string {
  for (let length = leastLength(repo); length < oid.length; length++) {
    const prefix = oid.slice(0, length);
    if (new Set(repo.objects.matching(prefix)).size <= 1) return prefix;
  }
  return oid;
}

function leastLength(repo: Repository): number {
  const configured = repo.config.get("core.abbrev")?.toLowerCase();
  if (configured !== undefined && /^(no|off|false)$/.test(configured)) return 40;
  if (configured !== undefined && /^\d+$/.test(configured)) return Math.min(40, Math.max(SHORTEST, Number(configured)));
  const known = lengths.get(repo.objects);
  if (known !== undefined && performance.now() - known.at < KEPT_MS) return known.length;
  const length = automaticLength(repo.layout.objectDirs);
  lengths.set(repo.objects, { at: performance.now(), length });
  return length;
}

/** With so many objects, half as many digits again as their number has bits make a clash unlikely. */
function automaticLength(objectDirs: readonly ConfinedFiles[]): number {
  const count = objectDirs.reduce((sum, directory) => sum + packedObjectCount(directory), 0);
  const bits = count === 0 ? 1 : Math.floor(Math.log2(count)) + 1;
  return Math.max(SHORTEST_AUTOMATIC, Math.ceil(bits / 2));
}
