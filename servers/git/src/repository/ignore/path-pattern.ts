import type { ByteString } from "../bytes/byte-string.js";
import { foldCase } from "./fold-case.js";
import { wildmatch } from "./wildmatch.js";

/** A pattern of `.gitignore` or `.gitattributes`, ready to be asked. */
export interface PathPattern {
  /** Starts with `!`. */
  readonly isNegative: boolean;
  /** Ends with `/`. */
  readonly onlyDirectories: boolean;
  /** @param path from the directory of the pattern's file on, without a slash at the end */
  matches(path: ByteString): boolean;
}

const GLOB_SPECIAL = /[*?[\\]/;

/** Compiles a pattern, which matches names at any depth unless a slash is within it. */
export function pathPattern(line: ByteString, ignoreCase: boolean): PathPattern {
  const isNegative = line.startsWith("!");
  const whole = isNegative ? line.slice(1) : line;
  const onlyDirectories = whole.endsWith("/");
  const pattern = onlyDirectories ? whole.slice(0, -1) : whole;
  const test = pattern.includes("/") ? pathTest(pattern, ignoreCase) : nameTest(pattern, ignoreCase);
  return { isNegative, onlyDirectories, matches: test };
}

type Test = (path: ByteString) => boolean;

function nameTest(pattern: ByteString, ignoreCase: boolean): Test {
  const fold = folding(ignoreCase);
  const wanted = fold(pattern);
  if (!GLOB_SPECIAL.test(pattern)) return (path) => fold(nameOf(path)) === wanted;
  // The commonest pattern by far.
  if (pattern.startsWith("*") && !GLOB_SPECIAL.test(pattern.slice(1))) {
    return (path) => fold(nameOf(path)).endsWith(wanted.slice(1));
  }
  const test = wildmatch(pattern, { ignoreCase });
  return (path) => test(nameOf(path));
}

/** The start that has no special characters is compared as it is; what follows is matched on its own, as git does. */
function pathTest(pattern: ByteString, ignoreCase: boolean): Test {
  const fold = folding(ignoreCase);
  const anchored = pattern.startsWith("/") ? pattern.slice(1) : pattern;
  const special = anchored.search(GLOB_SPECIAL);
  if (special === -1) return (path) => fold(path) === fold(anchored);
  const prefix = fold(anchored.slice(0, special));
  const rest = wildmatch(anchored.slice(special), { ignoreCase });
  return (path) => fold(path).startsWith(prefix) && rest(path.slice(prefix.length));
}

const folding = (ignoreCase: boolean): ((text: ByteString) => ByteString) => (ignoreCase ? foldCase : (text) => text);

const nameOf = (path: ByteString): ByteString => path.slice(path.lastIndexOf("/") + 1);
