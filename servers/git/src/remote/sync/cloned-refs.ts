import { reflogIdentity } from "../../changes/identity.js";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { LockFile } from "../../repository/refs/lock-file.js";
import { formatPackedRefs, PACKED_REFS, type PackedRef } from "../../repository/refs/packed-refs.js";
import type { RefChange } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";
import type { RemoteRefs } from "../wire/ls-refs.js";
import { reachableTags } from "./fetch.js";
import { peeledTag } from "./peeled-tag.js";

const HEADS = "refs/heads/";
const TAGS = "refs/tags/";

/** Writes the tracking refs and tags in one file: a new repository has no other writers, and the remote may have thousands. */
export function storeRefs(
  repo: Repository,
  { refs, defaultBranch, only }: RemoteRefs & { readonly only: ByteString | undefined },
): void {
  const tracking = refs
    .filter(({ name }) => name.startsWith(HEADS) && (only === undefined || name === only))
    .map(({ name, oid }) => ({ name: `refs/remotes/origin/${name.slice(HEADS.length)}`, oid, peeled: undefined }));
  const tags = new Set([only, ...reachableTags(repo, refs).map(({ destination }) => destination)]);
  const tagged = refs
    .filter(({ name, oid }) => name.startsWith(TAGS) && tags.has(name) && repo.objects.has(oid))
    // Not what the remote says that they peel to: it would be believed from now on.
    .map(({ name, oid }) => ({ name, oid, peeled: peeledTag(repo, oid) }));
  const packed: PackedRef[] = [...tracking, ...tagged].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (packed.length > 0) {
    const lock = LockFile.take(repo.layout.commonDir, PACKED_REFS, 0);
    try {
      lock.write(formatPackedRefs(packed, ["peeled", "fully-peeled", "sorted"]));
      lock.commit();
    } finally {
      lock.release();
    }
  }
  const target = defaultBranch && `refs/remotes/origin/${defaultBranch.slice(HEADS.length)}`;
  if (target === undefined || !tracking.some(({ name }) => name === target)) return;
  const follows: RefChange = { ref: "refs/remotes/origin/HEAD", to: undefined, target };
  repo.refs.update([follows], { who: reflogIdentity(repo.config), message: "clone" });
}
