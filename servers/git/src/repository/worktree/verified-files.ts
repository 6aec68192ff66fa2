import type { ByteString } from "../bytes/byte-string.js";
import type { FileStat } from "../index-file/file-stat.js";
import type { ObjectId } from "../object-id.js";
import type { Repository } from "../repository.js";

/** Files that are remembered of one repository. */
const MOST = 100_000;

/** Milliseconds that a file must be old: one that just changed may change again without its times telling. */
const SETTLED_MS = 2000;

interface Verified {
  readonly oid: ObjectId;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
  readonly size: number;
}

const verified = new WeakMap<Repository, Map<ByteString, Verified>>();

/**
 * Was the content of a file, as it is now, once read and found to be this object? It spares reading the same files at each
 * status where the index cannot vouch for them, after a copy of the whole repository for one.
 */
export function isVerified(repo: Repository, path: ByteString, oid: ObjectId, now: FileStat): boolean {
  const known = verified.get(repo)?.get(path);
  return (
    known !== undefined &&
    known.oid === oid &&
    known.mtimeMs === now.mtimeMs &&
    known.ctimeMs === now.ctimeMs &&
    known.ino === now.ino &&
    known.size === now.size
  );
}

/** @param before of the file before it was read */
export function rememberVerified(repo: Repository, path: ByteString, oid: ObjectId, before: FileStat): void {
  const { mtimeMs, ctimeMs, ino, size } = before;
  if (Date.now() - Math.max(mtimeMs, ctimeMs) < SETTLED_MS) return;
  let files = verified.get(repo);
  if (files === undefined || files.size >= MOST) {
    files = new Map();
    verified.set(repo, files);
  }
  files.set(path, { oid, mtimeMs, ctimeMs, ino, size });
}
