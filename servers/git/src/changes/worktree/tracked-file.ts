import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import { TYPE } from "../../repository/worktree/modes.js";

/** A file as a tree or an index names it. */
export interface TrackedFile {
  readonly path: ByteString;
  readonly mode: number;
  readonly oid: ObjectId;
}

export const isSameFile = (a: TrackedFile, b: TrackedFile): boolean => a.mode === b.mode && a.oid === b.oid;

/** Executable or not; neither link nor submodule. */
export const isFile = (mode: number): boolean => (mode & TYPE) === TYPE_FILE;

const TYPE_FILE = 0o100000;
