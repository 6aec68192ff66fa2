import { chomp, commonNewline, splitLines } from "../text/newlines.js";
import type { Hunk } from "./file-patch.js";

export interface Rejection {
  hunk: Hunk;
  /** What is in the way, as the model should read it. */
  reason: string;
}

export interface PatchedText {
  text: string;
  rejected: Rejection[];
  /** How many hunks fitted only at another line than their header says. */
  moved: number;
}

/** Comparing lines is cheap, but a hunk of thousands of equal lines in a file of millions is not. */
const MAX_COMPARISONS = 20_000_000;

/**
 * Applies the hunks of one file. Context must match exactly; only its line number may be wrong, and then the place must
 * be the only one. Newlines may differ between patch and file: the file's are kept.
 */
export function applyHunks(text: string, hunks: readonly Hunk[]): PatchedText {
  const lines = splitLines(text);
  const exact = fitHunks(lines, hunks, { compared: (line) => line, added: (line) => line });
  // Only the last line may lack its newline: a patch that ignores this is read as one that is loose about newlines.
  const glued = exact.lines.slice(0, -1).some((line) => !line.endsWith("\n"));
  if (exact.rejected.length === 0 && !glued) return joined(exact, exact.lines.join(""));

  const newline = commonNewline(text);
  const loose = fitHunks(lines, hunks, { compared: chomp, added: (line) => chomp(line) + newline });
  const closed = loose.lines.map((line) => (line.endsWith("\n") ? line : line + newline)).join("");
  return joined(loose, text.endsWith("\n") ? closed : chomp(closed));
}

const joined = ({ rejected, moved }: FittedHunks, text: string): PatchedText => ({ text, rejected, moved });

interface Reading {
  /** The part of a line that must match. */
  compared: (line: string) => string;
  /** What an added line becomes. */
  added: (line: string) => string;
}

interface FittedHunks extends Omit<PatchedText, "text"> {
  lines: string[];
}

function fitHunks(lines: readonly string[], hunks: readonly Hunk[], { compared, added }: Reading): FittedHunks {
  const fitter = new HunkFitter(lines.map(compared));
  const patched: string[] = [];
  const rejected: Rejection[] = [];
  let done = 0;
  let drift = 0;
  let moved = 0;
  const copyTo = (end: number) => {
    while (done < end) patched.push(lines[done++] ?? "");
  };
  for (const hunk of hunks) {
    const old = hunk.lines.filter(({ sign }) => sign !== "+").map((line) => compared(line.text));
    const expected = hunk.oldStart === undefined ? undefined : hunk.oldStart - 1 + drift;
    const found = fitter.fit(old, expected, done);
    if (typeof found === "string") {
      rejected.push({ hunk, reason: found });
      continue;
    }
    if (expected !== undefined && found !== expected) moved++;
    drift += expected === undefined ? 0 : found - expected;
    copyTo(found);
    for (const { sign, text } of hunk.lines) {
      if (sign === "+") patched.push(added(text));
      else if (sign === " ") copyTo(done + 1);
      else done++;
    }
  }
  copyTo(lines.length);
  return { lines: patched, rejected, moved };
}

class HunkFitter {
  #comparisons = 0;

  constructor(private readonly lines: readonly string[]) {}

  /** The index where `old` begins, at or after `from`; or why there is none. */
  fit(old: readonly string[], expected: number | undefined, from: number): number | string {
    if (expected !== undefined && expected >= from && this.#matches(old, expected)) return expected;
    if (old.length === 0) return "it adds lines without context, at a line the file does not have";
    const places = this.#search(old, from);
    if (this.#comparisons > MAX_COMPARISONS) return "there are too many places to try";
    const [place] = places;
    if (place !== undefined && places.length === 1) return place;
    return places.length > 1
      ? `it fits at lines ${places.map((at) => at + 1).join(" and ")}`
      : this.#obstacle(old, expected ?? from);
  }

  /** The first two places. */
  #search(old: readonly string[], from: number): number[] {
    const places: number[] = [];
    const [first = ""] = old;
    for (
      let at = this.lines.indexOf(first, from);
      at !== -1 && places.length < 2;
      at = this.lines.indexOf(first, at + 1)
    ) {
      if (this.#matches(old, at)) places.push(at);
      if (this.#comparisons > MAX_COMPARISONS) break;
    }
    return places;
  }

  #matches(old: readonly string[], at: number): boolean {
    if (at > this.lines.length - old.length) return false;
    const differs = old.findIndex((line, index) => line !== this.lines[at + index]);
    this.#comparisons += differs === -1 ? old.length : differs + 1;
    return differs === -1;
  }

  /** The first line that is not what the hunk says, at the place its header names. */
  #obstacle(old: readonly string[], expected: number): string {
    const index = old.findIndex((line, offset) => line !== this.lines[expected + offset]);
    const actual = this.lines[expected + index];
    const here = actual === undefined ? "the file ends before" : `the file has ${show(actual)} at`;
    return `${here} line ${expected + index + 1}, where it wants ${show(old[index] ?? "")}`;
  }
}

const show = (line: string) => JSON.stringify(chomp(line).slice(0, 120));
