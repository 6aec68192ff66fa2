import type { ByteString } from "../../repository/bytes/byte-string.js";
import { isRegularFile } from "../../repository/file-mode.js";
import type { ObjectId } from "../../repository/object-id.js";

/** A file as a tree or an index names it. */
export interface TrackedFile {
  readonly path: ByteString;
  readonly mode: number;
  readonly oid: ObjectId;
}

export const isSameFile = (a: TrackedFile, b: TrackedFile): boolean => a.mode === b.mode && a.oid === b.oid;

/** Executable or not; neither link nor submodule. */
export const isFile = isRegularFile;
