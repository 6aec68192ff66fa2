import type { ByteString } from "../bytes/byte-string.js";
import { foldCase } from "./fold-case.js";

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what the class holds
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t-\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

/**
 * Reads a bracket expression such as `[a-z_]`, `[!0-9]` or `[[:alpha:]]`.
 * @param start where the `[` is
 * @returns the characters that match; undefined where it does not end or names a class that does not exist: nothing matches it
 */
export function bracketAt(
  pattern: ByteString,
  start: number,
  ignoreCase: boolean,
): { members: ReadonlySet<number>; end: number } | undefined {
  const isNegated = pattern[start + 1] === "!" || pattern[start + 1] === "^";
  const set = new Set<number>();
  let at = start + (isNegated ? 2 : 1);
  let previous: number | undefined;
  // The first character is a member even if it is "]".
  for (let isFirst = true; isFirst || pattern[at] !== "]"; isFirst = false) {
    const item = itemAt(pattern, at, previous);
    if (item === undefined) return undefined;
    for (const code of item.codes) set.add(code).add(ignoreCase && item.folds ? lowerCase(code) : code);
    previous = item.single;
    at = item.next;
  }
  return { members: isNegated ? allBut(set) : set, end: at + 1 };
}

interface Item {
  readonly codes: readonly number[];
  /** Where case does not matter, git folds ranges and classes, but no single characters. */
  readonly folds: boolean;
  /** The character from which a range may start. */
  readonly single: number | undefined;
  readonly next: number;
}

function itemAt(pattern: ByteString, at: number, previous: number | undefined): Item | undefined {
  if (at >= pattern.length) return undefined;
  const isRange = pattern[at] === "-" && previous !== undefined && at + 1 < pattern.length && pattern[at + 1] !== "]";
  if (isRange) {
    const end = pattern[at + 1] === "\\" ? at + 2 : at + 1;
    if (end >= pattern.length) return undefined;
    const last = pattern.charCodeAt(end);
    const codes = ALL.filter((code) => previous <= code && code <= last);
    return { codes, folds: true, single: undefined, next: end + 1 };
  }
  if (pattern.startsWith("[:", at)) {
    const close = pattern.indexOf("]", at + 2);
    if (close === -1) return undefined;
    if (close > at + 2 && pattern[close - 1] === ":") return classItem(pattern.slice(at + 2, close - 1), close + 1);
  }
  const start = pattern[at] === "\\" ? at + 1 : at;
  if (start >= pattern.length) return undefined;
  const code = pattern.charCodeAt(start);
  return { codes: [code], folds: false, single: code, next: start + 1 };
}

function classItem(name: string, next: number): Item | undefined {
  const members = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  if (members === undefined) return undefined;
  const codes = ALL.filter((code) => members.test(String.fromCharCode(code)));
  return { codes, folds: true, single: undefined, next };
}

const ALL = Array.from({ length: 256 }, (_, code) => code);

const allBut = (set: ReadonlySet<number>): ReadonlySet<number> => new Set(ALL.filter((code) => !set.has(code)));

const lowerCase = (code: number): number => foldCase(String.fromCharCode(code)).charCodeAt(0);
