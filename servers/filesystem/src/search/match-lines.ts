import path from "node:path";
import { countFitting, oneLine } from "../listing/one-line.js";
import type { FileMatches, TextPosition } from "../walk/tasks.js";
import type { FoundText } from "./search-options.js";

/** The part of a result that fits. */
interface MatchLines {
  readonly lines: string[];
  /** Matching lines among them. */
  readonly matches: number;
  /** Where to go on; undefined at the end. */
  readonly next: TextPosition | undefined;
}

interface Line {
  readonly text: string;
  /** Set where the line is a match. */
  readonly position?: TextPosition;
}

/**
 * What was found as lines: a file's path, `12:text` for a match and `13-text` for its context, `--` between stretches
 * that do not touch, an empty line between files.
 * @param maxBytes of the lines with their newlines; the first match is there even when it needs more
 */
export function matchLines({ directory, files, next }: FoundText, maxBytes: number): MatchLines {
  const lines = files.flatMap((file, index) => fileLines(directory, file, index > 0));
  const firstMatch = lines.findIndex(({ position }) => position);
  const fitting = Math.max(
    firstMatch + 1,
    countFitting(
      lines.map(({ text }) => text),
      maxBytes,
    ),
  );
  const cut = fitting < lines.length;
  // What follows the last match that fits is context at best, or the heading of a file without one.
  const count = cut ? lines.findLastIndex(({ position }, index) => position && index < fitting) + 1 : lines.length;
  const shown = lines.slice(0, count);
  return {
    lines: shown.map(({ text }) => text),
    matches: shown.filter(({ position }) => position).length,
    next: cut ? shown.at(-1)?.position : next,
  };
}

function fileLines(directory: string, { path: file, lines }: FileMatches, spaced: boolean): Line[] {
  const heading = { text: oneLine(path.join(directory, file)) };
  const numbered = lines.flatMap(({ number, text, match }, index): Line[] => {
    const line = match
      ? { text: `${number}:${text}`, position: { path: file, line: number } }
      : { text: `${number}-${text}` };
    const previous = lines[index - 1];
    return previous && number > previous.number + 1 ? [{ text: "--" }, line] : [line];
  });
  return spaced ? [{ text: "" }, heading, ...numbered] : [heading, ...numbered];
}
