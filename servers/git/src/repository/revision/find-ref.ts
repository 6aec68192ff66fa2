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

/** The ref that `main`, `origin/main`, `heads/main`, `v1.0` or `origin` means: a tag before a branch, as in git. */
export function findRef(refs: RefStore, name: ByteString): { ref: ByteString; oid: ObjectId } | undefined {
  if (refNameProblem(name) !== undefined) return undefined;
  for (const place of PLACES) {
    const ref = place(name);
    const oid = isRefName(ref) ? refs.resolve(ref) : undefined;
    if (oid !== undefined) return { ref, oid };
  }
  return undefined;
}
