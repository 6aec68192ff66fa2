import type { ByteString } from "../../repository/bytes/byte-string.js";
import { entriesBelow, lowerBound } from "../../repository/index-file/find-entry.js";
import { NO_STAT } from "../../repository/index-file/stat-of.js";
import type { IndexEntry } from "../../repository/index-file/types.js";
import { directoriesAbove } from "../worktree/byte-path.js";
import type { TrackedFile } from "../worktree/tracked-file.js";

/** One more than any stage. */
const PAST_STAGES = 4;

/** The entries of an index while they are being changed; the ones it was made from stay as they are. */
export class IndexDraft {
  readonly #base: readonly IndexEntry[];
  readonly #edits = new Map<ByteString, readonly IndexEntry[]>();

  /** @param base by path in byte order, then by stage */
  constructor(base: readonly IndexEntry[]) {
    this.#base = base;
  }

  /** Every stage of a path as it is now. */
  at(path: ByteString): readonly IndexEntry[] {
    const edited = this.#edits.get(path);
    if (edited) return edited;
    return this.#base.slice(lowerBound(this.#base, path), lowerBound(this.#base, path, PAST_STAGES));
  }

  /** What was at or below a path before any change, in order. */
  under(path: ByteString): readonly IndexEntry[] {
    return entriesBelow(this.#base, path);
  }

  /** Puts an entry in place of every stage of its path, and of files above and entries below where it has to be. */
  put(entry: IndexEntry): void {
    for (const above of directoriesAbove(entry.path)) if (this.at(above).length > 0) this.remove(above);
    for (const below of this.under(entry.path)) if (below.path !== entry.path) this.remove(below.path);
    this.#edits.set(entry.path, [entry]);
  }

  /** Puts the sides of a conflict in place of a path's entries. */
  putStages(path: ByteString, entries: readonly IndexEntry[]): void {
    this.#edits.set(path, entries);
  }

  remove(path: ByteString): void {
    this.#edits.set(path, []);
  }

  /** Has anything been put or removed? */
  get isChanged(): boolean {
    return this.#edits.size > 0;
  }

  /** All entries in the order of the index. */
  entries(): IndexEntry[] {
    const edits = [...this.#edits].sort(([a], [b]) => (a < b ? -1 : 1));
    const merged: IndexEntry[] = [];
    let at = 0;
    for (const [path, replacements] of edits) {
      for (const entry of this.#base.slice(at, lowerBound(this.#base, path))) merged.push(entry);
      for (const entry of replacements) merged.push(entry);
      at = lowerBound(this.#base, path, PAST_STAGES);
    }
    for (const entry of this.#base.slice(at)) merged.push(entry);
    return merged;
  }
}

/** An entry of which nothing but path, mode and content is known. */
export const newEntry = ({ path, mode, oid }: TrackedFile, stat = NO_STAT): IndexEntry => ({
  path,
  mode,
  oid,
  stage: 0,
  stat,
  assumeValid: false,
  skipWorktree: false,
  intentToAdd: false,
});
