import type { ByteString } from "../bytes/byte-string.js";
import type { ObjectId } from "../object-id.js";
import type { Signature } from "../objects/types.js";

/** A ref with its full name, such as `refs/heads/main`. */
export interface Ref {
  readonly name: ByteString;
  readonly oid: ObjectId;
  /** What it stands for, where it is symbolic. */
  readonly target: ByteString | undefined;
}

/** What is checked out. */
export type Head =
  | { readonly kind: "branch"; readonly ref: ByteString; readonly oid: ObjectId | undefined }
  | { readonly kind: "detached"; readonly oid: ObjectId };

export interface ReflogEntry {
  readonly from: ObjectId;
  readonly to: ObjectId;
  readonly who: Signature;
  readonly message: ByteString;
}

/** One change of a transaction. */
export interface RefChange {
  /** Full name, or `HEAD`. A symbolic ref is followed unless `target` is given. */
  readonly ref: ByteString;
  /** New value; undefined deletes. Or the ref that it is to stand for. */
  readonly to: ObjectId | undefined;
  readonly target?: ByteString;
  /** What it must be now: an id, null for "absent"; anything unless given. */
  readonly expected?: ObjectId | null;
  /** False changes a symbolic ref itself, as detaching `HEAD` does. */
  readonly follow?: boolean;
  /** True gives it a reflog whatever the config says, as `refs/stash` has. */
  readonly keepLog?: boolean;
}

/** Refs of one worktree: loose, packed and symbolic ones. Names are checked before a path is made of them. */
export interface RefStore {
  head(): Head;
  /** Full name or `HEAD`, `MERGE_HEAD` …; symbolic refs followed; undefined where it is absent or unborn. */
  resolve(ref: ByteString): ObjectId | undefined;
  /** What a symbolic ref stands for (the next one, there or not); undefined for other refs. */
  symbolic(ref: ByteString): ByteString | undefined;
  /** Refs under a prefix such as `refs/heads/`, in byte order. */
  list(prefix?: ByteString): readonly Ref[];
  /** What an annotated tag's ref peels to, where `packed-refs` tells. */
  peeled(ref: ByteString): ObjectId | undefined;
  /** Newest first. */
  reflog(ref: ByteString): readonly ReflogEntry[];
  /**
   * All or nothing: takes the lock of each ref, compares, writes reflogs as git would, renames.
   * @throws ToolError CONFLICT when a ref is locked or is not what was expected; INVALID_ARGUMENT for a bad name.
   */
  update(changes: readonly RefChange[], log: { readonly who: Signature; readonly message: ByteString }): void;
}
