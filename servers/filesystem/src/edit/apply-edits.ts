import { ToolError } from "@mcp-reference/validation";
import { countNewlines, uniformNewline, withNewline } from "../text/newlines.js";
import { closestLines } from "./closest-lines.js";
import { findByLines, type LineMatch } from "./find-by-lines.js";

/** One replacement in a text. */
export interface Edit {
  oldText: string;
  newText: string;
  /** How often `oldText` must occur; all are replaced. */
  expectedCount: number;
}

export interface EditedText {
  text: string;
  /** What the caller should know: which edits matched although the whitespace differed. */
  remarks: string[];
}

const PLACES_LISTED = 10;
/** Matching by lines holds every line by itself. */
const MAX_LOOSE_CHARACTERS = 8 * 1024 * 1024;

/**
 * Applies edits one after the other, each to the result of those before. `oldText` is found as it is, but for the
 * newlines, which are the file's; failing that, by whole lines that differ in indentation or trailing whitespace.
 * Newlines of the file are kept.
 * @throws ToolError INVALID_ARGUMENT when `oldText` is not there, AMBIGUOUS when it is there more or less often than expected
 */
export function applyEdits(text: string, edits: readonly Edit[]): EditedText {
  const remarks: string[] = [];
  let edited = text;
  for (const [index, edit] of edits.entries()) {
    const name = edits.length === 1 ? "oldText" : `oldText of edit ${index + 1}`;
    edited = applyOne(edited, edit, name, remarks);
  }
  return { text: edited, remarks };
}

function applyOne(text: string, edit: Edit, name: string, remarks: string[]): string {
  const newline = uniformNewline(text);
  const likeFile = (given: string) => (newline ? withNewline(given, newline) : given);
  const oldText = likeFile(edit.oldText);
  const exact = occurrences(text, oldText);
  if (exact.count > 0) {
    requireCount(text, exact, edit.expectedCount, name);
    const newText = likeFile(edit.newText);
    return text.replaceAll(oldText, () => newText); // a string would have its $ expanded
  }
  const loose = text.length > MAX_LOOSE_CHARACTERS ? [] : findByLines(text, edit.oldText, edit.newText);
  if (loose.length === 0) throw notFound(text, edit.oldText, name);
  const found = { count: loose.length, first: loose.slice(0, PLACES_LISTED).map(({ start }) => start) };
  requireCount(text, found, edit.expectedCount, name);
  remarks.push(`${capital(name)} was found at ${places(text, found)} by lines that differ in whitespace.`);
  return replaceAt(text, loose);
}

/** Where something is in a text. */
interface Occurrences {
  count: number;
  /** Offsets of the first few. */
  first: number[];
}

/** Left to right and not overlapping. */
function occurrences(text: string, part: string): Occurrences {
  const first: number[] = [];
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) {
    if (count++ < PLACES_LISTED) first.push(at);
  }
  return { count, first };
}

function replaceAt(text: string, matches: readonly LineMatch[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (const { start, end, newText } of matches) {
    pieces.push(text.slice(done, start), newText);
    done = end;
  }
  return pieces.join("") + text.slice(done);
}

function requireCount(text: string, found: Occurrences, expected: number, name: string): void {
  if (found.count === expected) return;
  const times = found.count === 1 ? "once" : `${found.count} times`;
  throw new ToolError("AMBIGUOUS", `${name} occurs ${times}, at ${places(text, found)}; ${expected} expected`, {
    hint: `Add surrounding lines to oldText, or set expected_count to ${found.count} to replace them all`,
    details: { lines: lineNumbers(text, found) },
  });
}

const notFound = (text: string, oldText: string, name: string) =>
  new ToolError("INVALID_ARGUMENT", `${name} is not in the file; nothing was changed. ${closestLines(text, oldText)}`, {
    hint: "Read the lines again and copy them exactly",
  });

function places(text: string, found: Occurrences): string {
  const more = found.count > found.first.length ? " …" : "";
  return `${found.count === 1 ? "line" : "lines"} ${lineNumbers(text, found).join(", ")}${more}`;
}

/** Lines of the first places, from 1. */
function lineNumbers(text: string, { first }: Occurrences): number[] {
  let line = 1;
  let counted = 0;
  return first.map((start) => {
    line += countNewlines(text.slice(counted, start));
    counted = start;
    return line;
  });
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
