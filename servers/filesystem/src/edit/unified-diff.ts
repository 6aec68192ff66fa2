import { structuredPatch } from "diff";
import { countNewlines } from "../text/newlines.js";

export interface DiffOptions {
  /** Unchanged lines around a change. */
  context?: number | undefined;
}

/**
 * Beyond these a shortest diff takes seconds or gigabytes (its cost grows with lines × changes): the changed stretch is
 * then shown as taken out and put in as a whole, which is as true and only longer.
 */
const MAX_EDIT_LENGTH = 2000;
const MAX_COMPARED_CHARACTERS = 4 * 1024 * 1024;

const NO_NEWLINE = "\\ No newline at end of file";

/**
 * A unified diff that `apply_patch` and patch(1) understand, or `""` for equal texts.
 * @param oldName, newName for the `---` and `+++` lines
 */
export function unifiedDiff(
  oldName: string,
  newName: string,
  oldText: string,
  newText: string,
  { context = 3 }: DiffOptions = {},
): string {
  if (oldText === newText) return "";
  const { start, oldEnd, newEnd } = changedStretch(oldText, newText, context);
  const skipped = countNewlines(oldText, start);
  const hunks = diffHunks(oldText.slice(start, oldEnd), newText.slice(start, newEnd), context);
  const parts = hunks.flatMap((hunk) => [hunkHeader(hunk, skipped), ...hunk.lines]);
  return [`--- ${quoteName(oldName)}`, `+++ ${quoteName(newName)}`, ...parts, ""].join("\n");
}

interface Hunk {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
  lines: string[];
}

function diffHunks(oldText: string, newText: string, context: number): Hunk[] {
  const small = oldText.length + newText.length <= MAX_COMPARED_CHARACTERS;
  const patch = small && structuredPatch("", "", oldText, newText, "", "", { context, maxEditLength: MAX_EDIT_LENGTH });
  return patch ? patch.hunks : [replaceAll(oldText, newText)];
}

function replaceAll(oldText: string, newText: string): Hunk {
  return {
    oldStart: 1,
    oldLines: countLines(oldText),
    newStart: 1,
    newLines: countLines(newText),
    lines: [marked("-", oldText), marked("+", newText)].filter((lines) => lines !== ""),
  };
}

const countLines = (text: string) => countNewlines(text) + (text === "" || text.endsWith("\n") ? 0 : 1);

/** Puts a sign before every line, in one piece: there may be millions of them. */
function marked(sign: string, text: string): string {
  if (text === "") return "";
  const ended = text.endsWith("\n");
  const lines = sign + (ended ? text.slice(0, -1) : text).replaceAll("\n", `\n${sign}`);
  return ended ? lines : `${lines}\n${NO_NEWLINE}`;
}

/** An empty side is numbered by the line before it. */
function hunkHeader({ oldStart, oldLines, newStart, newLines }: Hunk, skipped: number): string {
  const range = (start: number, lines: number) => `${start + skipped - (lines === 0 ? 1 : 0)},${lines}`;
  return `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`;
}

/** Leaves out equal lines before and after all changes, but for the context: most of a large file is never split. */
function changedStretch(oldText: string, newText: string, context: number) {
  const prefix = commonPrefix(oldText, newText);
  const start = linesBack(oldText, prefix, context);
  const suffix = commonSuffix(oldText, newText, Math.min(oldText.length, newText.length) - prefix);
  const oldEnd = linesOn(oldText, oldText.length - suffix, context);
  return { start, oldEnd, newEnd: newText.length - (oldText.length - oldEnd) };
}

/** The start of the line `context` lines before the one that holds `at`. */
function linesBack(text: string, at: number, context: number): number {
  let start = at;
  for (let line = 0; line <= context && start > 0; line++) {
    start = start === 1 ? 0 : text.lastIndexOf("\n", line === 0 ? start - 1 : start - 2) + 1;
  }
  return start;
}

/** The end of the line `context` lines after the one that holds `at`, its newline included. */
function linesOn(text: string, at: number, context: number): number {
  let end = at;
  for (let line = 0; line <= context; line++) {
    const newline = text.indexOf("\n", end);
    if (newline === -1) return text.length;
    end = newline + 1;
  }
  return end;
}

const CHUNK = 32_768;

function commonPrefix(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let same = 0;
  // Whole chunks are compared natively.
  while (same + CHUNK <= most && a.slice(same, same + CHUNK) === b.slice(same, same + CHUNK)) same += CHUNK;
  while (same < most && a.charCodeAt(same) === b.charCodeAt(same)) same++;
  return same;
}

function commonSuffix(a: string, b: string, most: number): number {
  const tail = (text: string, from: number, to: number) => text.slice(text.length - to, text.length - from);
  let same = 0;
  while (same + CHUNK <= most && tail(a, same, same + CHUNK) === tail(b, same, same + CHUNK)) same += CHUNK;
  while (same < most && a.charCodeAt(a.length - same - 1) === b.charCodeAt(b.length - same - 1)) same++;
  return same;
}

const UNSAFE = /[\p{Cc}"\\]/gu;

/** As git quotes names: only where a reader of the diff would take them for something else. */
function quoteName(name: string): string {
  if (!/^\s|\s$/.test(name) && name.search(UNSAFE) === -1) return name;
  return `"${name.replace(UNSAFE, escaped)}"`;
}

function escaped(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  return [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
