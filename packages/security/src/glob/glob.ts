import { expandBraces } from "./braces.js";
import { compileSegment, type SegmentMatcher } from "./segment.js";

export interface GlobOptions {
  /** Match without regard to upper and lower case. */
  nocase?: boolean | undefined;
  /** Expand `{a,b}` (default); false takes braces as they are, as `.gitignore` does. */
  braces?: boolean | undefined;
}

/** Says whether a path matches. Paths use `/` and are relative: no leading, trailing or double slash. */
export type PathMatcher = (path: string) => boolean;

/** `**`: any number of whole segments. */
const GLOBSTAR = Symbol("**");
type Part = SegmentMatcher | typeof GLOBSTAR;

/**
 * Compiles a glob. `*` and `?` stay within a segment, `**` as a whole segment spans any number of them (also none, but
 * at the end at least one: `a/**` is what is below `a`); `[a-z]` and `[!a-z]` are classes, `{a,b}` alternatives (they
 * nest), `\` takes the next character as it is. Names that start with a dot match like any other. Slashes in front, at
 * the end or doubled and `.` segments mean nothing.
 *
 * Matching takes at most pattern length × path length steps, whatever the pattern: only the last `*` and the last `**`
 * ever give back what they took.
 * @throws ToolError INVALID_ARGUMENT when the pattern is too long or its braces stand for too many patterns.
 */
export function compileGlob(pattern: string, options: GlobOptions = {}): PathMatcher {
  const quick = options.nocase ? undefined : quickMatcher(pattern);
  if (quick) return quick;
  const alternatives = compileAlternatives(pattern, options);
  const fold = options.nocase ? (path: string) => path.toLowerCase() : (path: string) => path;
  return (path) => {
    const names = fold(path).split("/");
    return alternatives.some((parts) => matchParts(parts, names));
  };
}

/**
 * Says of a directory whether anything below it could match the glob: a walk need not enter the others.
 * @throws ToolError INVALID_ARGUMENT as {@link compileGlob}.
 */
export function compileGlobDescent(pattern: string, options: GlobOptions = {}): PathMatcher {
  const alternatives = compileAlternatives(pattern, options);
  const fold = options.nocase ? (path: string) => path.toLowerCase() : (path: string) => path;
  return (directory) => {
    const names = fold(directory).split("/");
    return alternatives.some((parts) => couldMatchBelow(parts, names));
  };
}

/** The shapes nearly every caller sends, without splitting the path. */
function quickMatcher(pattern: string): PathMatcher | undefined {
  const shape = /^(\*\*\/)?(\*?)([^*?[\]{}\\/]*)$/.exec(pattern);
  if (!shape) return undefined;
  const [, anywhere, star, rest = ""] = shape;
  if (rest === "." || (!star && !rest)) return undefined;
  if (star) return anywhere ? (path) => path.endsWith(rest) : (path) => path.endsWith(rest) && !path.includes("/");
  const below = `/${rest}`;
  return anywhere ? (path) => path === rest || path.endsWith(below) : (path) => path === rest;
}

function compileAlternatives(pattern: string, { nocase = false, braces = true }: GlobOptions): Part[][] {
  return expandBraces(pattern, braces).map((alternative) => {
    // An escaped slash is still a slash.
    const unescaped = alternative.replace(/\\(.)/gs, (pair, character) => (character === "/" ? "/" : pair));
    const segments = unescaped.split("/").filter((segment) => segment !== "" && segment !== ".");
    const parts = segments.map((segment) => (segment === "**" ? GLOBSTAR : compileSegment(segment, nocase)));
    return parts.filter((part, index) => part !== GLOBSTAR || parts[index - 1] !== GLOBSTAR);
  });
}

/** Greedy, giving back one name at a time to the last `**` alone: an earlier one that took more would help nothing. */
function matchParts(parts: readonly Part[], names: readonly string[]): boolean {
  let part = 0;
  let name = 0;
  let retryPart = -1;
  let retryName = 0;
  while (name < names.length) {
    const current = parts[part];
    if (current === GLOBSTAR) {
      if (part === parts.length - 1) return true;
      retryPart = ++part;
      retryName = name;
    } else if (current?.(names[name] as string)) {
      part++;
      name++;
    } else if (retryPart >= 0) {
      part = retryPart;
      name = ++retryName;
    } else {
      return false;
    }
  }
  return part === parts.length && parts.length > 0;
}

function couldMatchBelow(parts: readonly Part[], names: readonly string[]): boolean {
  for (const [index, name] of names.entries()) {
    const part = parts[index];
    if (part === GLOBSTAR) return true;
    if (!part?.(name)) return false;
  }
  return parts.length > names.length;
}
