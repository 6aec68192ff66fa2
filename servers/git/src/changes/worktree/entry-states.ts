import type { ByteString } from "../../repository/bytes/byte-string.js";
import { SUBMODULE } from "../../repository/file-mode.js";
import { isUntouched } from "../../repository/index-file/stat-of.js";
import type { IndexEntry, IndexFile } from "../../repository/index-file/types.js";
import type { Repository } from "../../repository/repository.js";
import { hashFile, modeOf } from "../../repository/worktree/hash-file.js";
import { directoriesAbove } from "./byte-path.js";
import type { WorktreeWriter } from "./worktree-writer.js";

export type EntryState = "same" | "modified" | "missing";

/** Tells whether files still are what the index says of them; their content is read only where the stat does not settle it. */
export class EntryStates {
  readonly #repo: Repository;
  readonly #index: IndexFile;
  readonly #writer: WorktreeWriter;

  constructor(repo: Repository, index: IndexFile, writer: WorktreeWriter) {
    this.#repo = repo;
    this.#index = index;
    this.#writer = writer;
  }

  of(entry: IndexEntry): EntryState {
    const stats = this.#writer.lstat(entry.path);
    if (!stats) return "missing";
    if (entry.mode === SUBMODULE) return stats.isDirectory() ? "same" : "modified";
    if (!stats.isFile() && !stats.isSymbolicLink()) return "modified";
    if (modeOf(this.#repo, entry.path, stats) !== entry.mode) return "modified";
    if (isUntouched(entry, stats, this.#index.writtenAt)) return "same";
    return hashFile(this.#repo, entry.path)?.oid === entry.oid ? "same" : "modified";
  }

  /** Is there a file or link where a directory above the path has to be? */
  isBlocked(path: ByteString): boolean {
    for (const above of directoriesAbove(path)) if (this.#writer.lstat(above)?.isDirectory() === false) return true;
    return false;
  }
}
