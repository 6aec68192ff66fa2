import type { ByteString } from "../bytes/byte-string.js";
import type { ObjectId } from "../object-id.js";
import { isRefName, refNameProblem } from "../refs/ref-format.js";
import type { RefStore } from "../refs/types.js";

/** Where a short name is looked for; the first that exists counts. */
const PLACES: readonly ((name: ByteString) => ByteString)[] = [
  (name) => name,
  (name) => `refs/${name}`,
  (name) => `refs/tags/${name}`,
  (name) => `refs/heads/${name}`,
  (name) => `refs/remotes/${name}`,
  (name) => `refs/remotes/${name}/HEAD`,
];

/** A ref that a short name may mean. */
export interface NamedRef {
  readonly ref: ByteString;
  readonly oid: ObjectId;
}

/** The ref that `main`, `origin/main`, `heads/main`, `v1.0` or `origin` means: a tag before a branch, as in git. */
export function findRef(refs: RefStore, name: ByteString): NamedRef | undefined {
  const [first] = findRefs(refs, name);
  return first;
}

/** All that a short name may mean, the likeliest first. */
export function* findRefs(refs: RefStore, name: ByteString): Generator<NamedRef, void> {
  if (refNameProblem(name) !== undefined) return;
  for (const place of PLACES) {
    const ref = place(name);
    const oid = isRefName(ref) ? refs.resolve(ref) : undefined;
    if (oid !== undefined) yield { ref, oid };
  }
}
