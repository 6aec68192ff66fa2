import { commonNewline, type Newline } from "../text/newlines.js";

/** A stretch of a text and what to put there; character offsets. */
export interface LineMatch {
  start: number;
  end: number;
  newText: string;
}

/**
 * Finds whole lines that differ from `oldText` only in trailing whitespace or by one indentation that all of them
 * have more, or less. `newText` then gets the same indentation, so that the block keeps its shape. Where the lines are
 * indented unevenly nothing is found: guessing would move code to another block.
 */
export function findByLines(text: string, oldText: string, newText: string): LineMatch[] {
  const wanted = oldText.split("\n");
  const endsLine = wanted.at(-1) === "" && wanted.length > 1;
  if (endsLine) wanted.pop();
  if (wanted.every((line) => line.trim() === "")) return [];

  const lines = text.split("\n");
  const starts = lineStarts(lines);
  const matches: LineMatch[] = [];
  let free = 0;
  for (const first of alignedMatches(lines, wanted)) {
    if (first < free) continue;
    const found = lines.slice(first, first + wanted.length);
    const shift = commonShift(wanted, found);
    const fitted = shift && fitBlock(newText, shift, newlineAt(lines, first, text));
    if (fitted === undefined) continue;
    const last = first + wanted.length - 1;
    const start = starts[first] ?? 0;
    const end = (starts[last] ?? 0) + (lines[last] ?? "").length;
    matches.push(
      endsLine ? withLineEnd(text, start, end, fitted) : { start, end: beforeReturn(text, end), newText: fitted },
    );
    free = first + wanted.length;
  }
  return matches;
}

/** Lines whose trimmed content is that of `wanted`; found by one native search over all of them. */
function* alignedMatches(lines: readonly string[], wanted: readonly string[]): Generator<number> {
  const trimmed = lines.map((line) => line.trim());
  const starts = lineStarts(trimmed);
  const haystack = `\n${trimmed.join("\n")}\n`;
  const needle = `\n${wanted.map((line) => line.trim()).join("\n")}\n`;
  let line = 0;
  for (let at = haystack.indexOf(needle); at !== -1; at = haystack.indexOf(needle, at + 1)) {
    while ((starts[line] ?? 0) < at) line++;
    yield line;
  }
}

/** Offset of every line in the text they make when joined with newlines. */
function lineStarts(lines: readonly string[]): Float64Array {
  const starts = new Float64Array(lines.length);
  let at = 0;
  for (const [index, line] of lines.entries()) {
    starts[index] = at;
    at += line.length + 1;
  }
  return starts;
}

/** Indentation to put before every line, or to take away. */
type Shift = { add: string } | { remove: string };

function commonShift(wanted: readonly string[], found: readonly string[]): Shift | undefined {
  let shift: Shift | undefined;
  for (const [index, line] of wanted.entries()) {
    if (line.trim() === "") continue;
    const given = indentation(line);
    const actual = indentation(found[index] ?? "");
    shift ??= actual.endsWith(given)
      ? { add: actual.slice(0, actual.length - given.length) }
      : { remove: given.slice(0, given.length - actual.length) };
    const shifted =
      "add" in shift ? shift.add + given : given.startsWith(shift.remove) && given.slice(shift.remove.length);
    if (shifted !== actual) return undefined;
  }
  return shift;
}

/** Shifts a block and gives it the newlines of its place; undefined when a line lacks what must be taken away. */
function fitBlock(block: string, shift: Shift, newline: Newline): string | undefined {
  const lines: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    if (line === "") lines.push(line);
    else if ("add" in shift) lines.push(shift.add + line);
    else if (line.startsWith(shift.remove)) lines.push(line.slice(shift.remove.length));
    else return undefined;
  }
  return lines.join(newline);
}

/** `oldText` ended with a newline: so does the match, unless the file's last line has none and must not get one. */
function withLineEnd(text: string, start: number, end: number, newText: string): LineMatch {
  if (end < text.length) return { start, end: end + 1, newText };
  return { start, end, newText: newText.replace(/\r?\n$/, "") };
}

function newlineAt(lines: readonly string[], line: number, text: string): Newline {
  if (line === lines.length - 1) return commonNewline(text);
  return lines[line]?.endsWith("\r") ? "\r\n" : "\n";
}

const beforeReturn = (text: string, end: number) => (text[end - 1] === "\r" && text[end] === "\n" ? end - 1 : end);
const indentation = (line: string) => line.slice(0, line.length - line.trimStart().length);
