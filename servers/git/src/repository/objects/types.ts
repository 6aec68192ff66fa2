import type { ByteString } from "../bytes/byte-string.js";
import type { ObjectId, ObjectType } from "../object-id.js";

export interface GitObject {
  readonly type: ObjectType;
  readonly body: Buffer;
}

/** Who, and when. */
export interface Signature {
  readonly name: ByteString;
  readonly email: ByteString;
  /** Seconds since 1970. */
  readonly seconds: number;
  /** `+0200`. */
  readonly zone: string;
}

export interface Commit {
  readonly oid: ObjectId;
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly author: Signature;
  readonly committer: Signature;
  /** Encoding of the message, where it is not UTF-8. */
  readonly encoding: string | undefined;
  readonly message: ByteString;
  /** Headers besides those above, such as `gpgsig` and `mergetag`, continuation lines joined by a line feed. */
  readonly headers: readonly { readonly name: string; readonly value: ByteString }[];
}

export interface TreeEntry {
  /** 0o40000 tree, 0o100644, 0o100755, 0o120000 link, 0o160000 submodule. */
  readonly mode: number;
  readonly name: ByteString;
  readonly oid: ObjectId;
}

export interface Tag {
  readonly oid: ObjectId;
  readonly object: ObjectId;
  readonly type: ObjectType;
  readonly name: ByteString;
  readonly tagger: Signature | undefined;
  readonly message: ByteString;
}

/**
 * Objects of a repository and of its alternates, loose and packed. Reading is synchronous: a warm read takes microseconds.
 * @throws ToolError NOT_FOUND for a missing object (UNSUPPORTED where a partial clone left it out), UPSTREAM for a damaged one,
 * TOO_LARGE over the limit on a single object, INVALID_ARGUMENT for one of another type than asked for.
 */
export interface ObjectStore {
  read(oid: ObjectId): GitObject;
  /** Type and size in bytes, without inflating the whole object. */
  header(oid: ObjectId): { type: ObjectType; size: number };
  has(oid: ObjectId): boolean;
  commit(oid: ObjectId): Commit;
  tree(oid: ObjectId): readonly TreeEntry[];
  blob(oid: ObjectId): Buffer;
  tag(oid: ObjectId): Tag;
  /** Ids that start with at least 4 hexadecimal digits; a few suffice to tell that it is ambiguous. */
  matching(prefix: string): ObjectId[];
  /** Writes a loose object (whole or not at all) unless it is there. */
  write(type: ObjectType, body: Uint8Array): ObjectId;
  /** Looks again at what is on disk; to be called between calls. */
  refresh(): void;
  close(): void;
}
