import type { EntryType, Omissions, SearchResult, TextPosition, TreeResult } from "../walk/tasks.js";

export interface ScopeOptions {
  /** Globs of entries to leave out, matched against the path below the start; a directory goes with all that is in it. */
  readonly exclude?: readonly string[] | undefined;
  /** Leave out `.git` and what `.gitignore` files say, those between the root and the start included. */
  readonly respectGitignore?: boolean | undefined;
}

/** Where a listing starts: paths in it are relative to that, with `/`. */
interface Started {
  /** Resolved absolute path. */
  readonly directory: string;
}

export interface FindOptions extends ScopeOptions {
  /** Glob matched against the path below the start: `*.md` finds its own entries only, with a double star any depth. */
  readonly pattern: string;
  /** Default `any`. */
  readonly type?: EntryType | "any" | undefined;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

export interface FoundFiles extends Started, Omissions {
  /** A directory before what is in it, names in the order of their UTF-16 code units. */
  readonly entries: readonly FoundEntry[];
  /** Where to go on; undefined at the end. */
  readonly next: string | undefined;
}

export interface FoundEntry {
  readonly path: string;
  readonly type: EntryType;
}

export interface TreeOptions extends ScopeOptions {
  /** Levels to list, 500 at most; 1 is the start's own entries. */
  readonly depth: number;
  /** Entries in the whole tree. */
  readonly maxEntries: number;
}

export interface FoundTree extends Started, TreeResult {}

export interface SearchOptions extends ScopeOptions {
  /** Fixed text, or an expression in RE2 syntax. Lines are searched one by one. */
  readonly pattern: string;
  /** Default false. */
  readonly regex?: boolean | undefined;
  /** Default true. */
  readonly caseSensitive?: boolean | undefined;
  /** Globs of files to search; without a slash they match names at any depth. Default: all. */
  readonly include?: readonly string[] | undefined;
  /** Lines to show on either side of a match. Default 0. */
  readonly context?: number | undefined;
  /** Matching lines. */
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: TextPosition | undefined;
  /** Default {@link MAX_SEARCHED_FILE_BYTES}. */
  readonly maxFileBytes?: number | undefined;
  /** Default {@link MAX_SHOWN_LINE_LENGTH}. */
  readonly maxLineLength?: number | undefined;
}

export interface FoundText extends Started, Omit<SearchResult, "more"> {
  /** Where to go on; undefined at the end. */
  readonly next: TextPosition | undefined;
}

/** Larger files are not searched for text. */
export const MAX_SEARCHED_FILE_BYTES = 32 * 1024 * 1024;

/** Longer lines are clipped around the match; in UTF-16 code units. */
export const MAX_SHOWN_LINE_LENGTH = 300;
