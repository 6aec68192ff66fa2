import type { ByteString } from "../bytes/byte-string.js";
import type { ConfinedFiles } from "../confined/confined-files.js";
import { SUBMODULE } from "../file-mode.js";
import { foldCase } from "../ignore/fold-case.js";
import type { FileStat } from "../index-file/file-stat.js";
import { entryAt, lowerBound } from "../index-file/find-entry.js";
import type { IndexEntry } from "../index-file/types.js";
import type { Pace } from "../pace.js";
import { lstatOf, namesIn } from "./directory-entries.js";
import type { PathSelection } from "./path-selection.js";
import type { SharedStats } from "./stat-thread/shared-stats.js";
import type { UntrackedFiles } from "./untracked-files.js";

export interface ScanOptions {
  readonly worktree: ConfinedFiles;
  readonly entries: readonly IndexEntry[];
  readonly selection: PathSelection;
  /** Undefined: don't look for untracked files. */
  readonly untracked: UntrackedFiles | undefined;
  readonly ignoreCase: boolean;
  readonly pace: Pace;
  /** Called for each entry; without stats where there is no such file, or only through a link. */
  readonly tracked: (entry: IndexEntry, stats: FileStat | undefined) => void;
  /** Stats of the entries, as far as another thread has them. */
  readonly ahead: SharedStats | undefined;
}

/** Entries `[start, end)`: those below one directory, whose path with a slash at its end is `base`. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly base: ByteString;
}

/**
 * Goes through index and worktree together, directory by directory: one listing tells what is missing, what is new and, with one
 * `lstat` each, what changed. Links are never followed, so that a directory that became one holds nothing that is tracked.
 */
export async function scanWorktree(options: ScanOptions): Promise<void> {
  try {
    await scanDirectory(options, { start: 0, end: options.entries.length, base: "" });
  } finally {
    options.ahead?.arriveAt(options.entries.length);
  }
}

async function scanDirectory(options: ScanOptions, span: Span): Promise<void> {
  const { worktree, entries, selection, untracked, pace } = options;
  if (!selection.reaches(span.base.slice(0, -1))) return;
  if (pace.due()) await pace.pause();
  const others = untracked && new Names(namesIn(worktree.path(span.base.slice(0, -1))) ?? [], options.ignoreCase);
  for (let i = span.start; i < span.end; ) {
    const entry = entries[i];
    if (entry === undefined) break;
    const slash = entry.path.indexOf("/", span.base.length);
    if (slash === -1) {
      scanEntry(options, i, others, span.base);
      i++;
      continue;
    }
    const directory = entry.path.slice(0, slash);
    // "0" is the character after "/".
    const end = Math.min(lowerBound(entries, `${directory}0`), span.end);
    const name = directory.slice(span.base.length);
    const isThere = others?.has(name) !== false && lstatOf(worktree.path(directory))?.isDirectory() === true;
    if (isThere) {
      others?.take(name);
      // What else lies in a submodule is its own, even where a conflict put entries below it.
      const isSubmodule = entryAt(entries, directory)?.mode === SUBMODULE;
      const within = isSubmodule ? { ...options, untracked: undefined } : options;
      await scanDirectory(within, { start: i, end, base: `${directory}/` });
    } else reportMissing(options, i, end);
    i = end;
  }
  for (const name of others?.left() ?? []) {
    const path = span.base + name;
    if (name !== ".git") await untracked?.add(path, entries[lowerBound(entries, path)]?.path === path);
  }
}

function scanEntry(options: ScanOptions, at: number, others: Names | undefined, base: ByteString): void {
  const entry = options.entries[at];
  if (entry === undefined) return;
  const name = entry.path.slice(base.length);
  const stats = others?.has(name) === false ? undefined : statAt(options, at, entry.path);
  // What lies in a directory that took the place of a file is not tracked.
  if (entry.mode === SUBMODULE || !stats?.isDirectory()) others?.take(name);
  if (options.selection.includes(entry.path)) options.tracked(entry, stats);
}

const statAt = ({ ahead, worktree }: ScanOptions, at: number, path: ByteString): FileStat | undefined =>
  ahead?.arriveAt(at) ? ahead.at(at) : lstatOf(worktree.path(path));

function reportMissing({ entries, selection, tracked }: ScanOptions, start: number, end: number): void {
  for (let i = start; i < end; i++) {
    const entry = entries[i];
    if (entry && selection.includes(entry.path)) tracked(entry, undefined);
  }
}

/** Names in a directory, of which those that are tracked are taken. */
class Names {
  /** By what is the same in all spellings; undefined for those that are taken. */
  readonly #names = new Map<ByteString, ByteString | undefined>();
  readonly #fold: (name: ByteString) => ByteString;

  constructor(names: readonly ByteString[], ignoreCase: boolean) {
    this.#fold = ignoreCase ? foldCase : (name) => name;
    for (const name of names) this.#names.set(this.#fold(name), name);
  }

  has(name: ByteString): boolean {
    return this.#names.has(this.#fold(name));
  }

  take(name: ByteString): void {
    if (this.has(name)) this.#names.set(this.#fold(name), undefined);
  }

  *left(): Generator<ByteString> {
    for (const name of this.#names.values()) if (name !== undefined) yield name;
  }
}
