import type { SecretPatterns } from "@mcp-reference/security";

/** What crosses from the server to a search worker and back: plain data only. */
export type Task = FindTask | SearchTask | TreeTask;

/** The result of a task of type `T`. */
export type ResultOf<T extends Task> = TaskResults[T["kind"]];

interface TaskResults {
  find: FindResult;
  search: SearchResult;
  tree: TreeResult;
}

export type EntryType = "file" | "directory" | "link" | "other";

/** The directory a task starts at, and what it does not see. All paths are relative to the start, with `/`. */
export interface Scope {
  /** Where the kernel finds the start directory: `OpenDirectory.at()`. */
  readonly at: string;
  /** `device:inode` of the start: the number of a descriptor may belong to another file by the time a worker uses it. */
  readonly identity: string;
  /** Directories are known by path, not by descriptor. */
  readonly portable: boolean;
  readonly secrets: SecretPatterns;
  /** The start as secret patterns see it: `OpenDirectory.policyPath`. */
  readonly policyPath: string;
  /** Globs of entries to leave out, directories with all that is in them. */
  readonly exclude: readonly string[];
  /** Leave out what `.gitignore` files say, given those above the start, nearest first; undefined: don't look at any. */
  readonly ignoreFiles: readonly IgnoreFile[] | undefined;
}

export interface IgnoreFile {
  /** The names that lead from the file's directory to the start, with `/` behind each. */
  readonly prefix: string;
  readonly text: string;
}

/** What a walk left out and could not see. Pages of one listing add up to what a single page would say. */
export interface Omissions {
  /** Entries the secrets policy hid; a directory counts once. */
  hidden: number;
  /** Directories and files that could not be read. */
  unreadable: number;
}

export interface FindTask {
  readonly kind: "find";
  readonly scope: Scope;
  readonly pattern: string;
  readonly type: EntryType | "any";
  readonly limit: number;
  /** Path of the last entry already reported. */
  readonly after: string | undefined;
}

export interface FindResult extends Omissions {
  /** Paths in walking order (a directory before what is in it, names by code unit), separated by a null character. */
  paths: string;
  /** One letter a path: `f` file, `d` directory, `l` link, `o` other. */
  types: string;
  /** There is at least one entry more. */
  more: boolean;
}

export interface TreeTask {
  readonly kind: "tree";
  readonly scope: Scope;
  /** Levels to list, 500 at most; 1 is the start's own entries. */
  readonly depth: number;
  /** Entries in the whole tree. */
  readonly maxEntries: number;
}

export interface TreeResult extends Omissions {
  children: TreeNode[];
  /** Entries left out of the start itself. */
  more: number;
  /** Entries in the tree. */
  entries: number;
  /** `maxEntries`, or the greatest depth there is, cut something off. */
  truncated: boolean;
}

export interface TreeNode {
  name: string;
  type: EntryType;
  /** Of a directory that was looked into. */
  children?: TreeNode[];
  /** Entries of this directory that did not fit. */
  more?: number;
  unreadable?: true;
}

/** A place in a search: a file's path and a line in it, counted from 1. */
export interface TextPosition {
  readonly path: string;
  readonly line: number;
}

export interface SearchTask {
  readonly kind: "search";
  readonly scope: Scope;
  /** Search this one file of the start directory. */
  readonly only: string | undefined;
  /** Fixed text, or a regular expression in RE2 syntax. */
  readonly pattern: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  /** Globs of files to search; none: all. Without a slash they match names at any depth. */
  readonly include: readonly string[];
  /** Lines to show before and after a match. */
  readonly context: number;
  /** Matching lines. */
  readonly limit: number;
  /** The last matching line already reported. */
  readonly after: TextPosition | undefined;
  /** Larger files are counted in `tooLarge`, not searched. */
  readonly maxFileBytes: number;
  /** Longest line in the result, in UTF-16 code units; longer ones are clipped around the match. */
  readonly maxLineLength: number;
}

export interface SearchResult extends Omissions {
  files: FileMatches[];
  /** Matching lines in `files`. */
  matches: number;
  /** There is at least one matching line more. */
  more: boolean;
  searched: number;
  binary: number;
  tooLarge: number;
}

export interface FileMatches {
  path: string;
  /** In order; context that two matches share is there once. */
  lines: TextLine[];
}

export interface TextLine {
  /** From 1. */
  number: number;
  /** Without its line end; `…` stands for what was clipped. */
  text: string;
  /** False for context. */
  match: boolean;
}

/** How far a task is. */
export interface TaskProgress {
  /** Entries looked at. */
  visited: number;
  /** Entries or matching lines found. */
  found: number;
}
