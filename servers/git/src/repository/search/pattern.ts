import { type Lines, splitLines } from "../diff/lines.js";

/** What is looked for. */
export interface PatternRequest {
  readonly pattern: string;
  /** Take the pattern as a regular expression in RE2's syntax; else as it stands. */
  readonly regex?: boolean | undefined;
  readonly ignoreCase?: boolean | undefined;
}

/** Finds a pattern in files, in time proportional to their size. */
export interface Pattern {
  /** Occurrences that do not overlap, anywhere in the content. */
  count(content: Buffer): number;
  /** False only where no line matches; much cheaper than to look for the lines, where it is not simply true. */
  mayMatch(content: Buffer): boolean;
  /** Numbers of the lines with a match, from 0 on, in order. */
  matchingLines(lines: Lines): Iterable<number>;
}

/** Does any line of the content match? */
export function hasMatchingLine(pattern: Pattern, content: Buffer): boolean {
  if (!pattern.mayMatch(content)) return false;
  for (const _line of pattern.matchingLines(splitLines(content))) return true;
  return false;
}
