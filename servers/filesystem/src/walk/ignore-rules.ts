import { compileGlob, type PathMatcher } from "@mcp-reference/security";

/** Larger ones are not `.gitignore` files. */
export const MAX_IGNORE_FILE_BYTES = 1024 * 1024;

interface Rule {
  readonly matches: PathMatcher;
  readonly negated: boolean;
  readonly directoriesOnly: boolean;
  /** Matched against the name alone. */
  readonly anyDepth: boolean;
}

/**
 * The rules of one `.gitignore` file, as gitignore(5) has them. Of the rules that match, the last one decides.
 * Globs match in linear time: the file may come from anywhere.
 */
export class IgnoreRules {
  readonly #rules: readonly Rule[];

  constructor(text: string) {
    this.#rules = text
      .replace(/^\uFEFF/, "")
      .split(/\r?\n/)
      .flatMap(parseLine)
      .reverse();
  }

  /**
   * @param path relative to the directory of the file, with `/`.
   * @returns undefined when no rule says anything about it.
   */
  ignores(path: string, name: string, isDirectory: boolean): boolean | undefined {
    for (const { matches, negated, directoriesOnly, anyDepth } of this.#rules) {
      if ((isDirectory || !directoriesOnly) && matches(anyDepth ? name : path)) return !negated;
    }
    return undefined;
  }
}

function parseLine(line: string): Rule[] {
  if (line.startsWith("#")) return [];
  const trimmed = line.replace(/(?<!\\)((?:\\\\)*) +$/, "$1");
  const negated = trimmed.startsWith("!");
  const body = negated ? trimmed.slice(1) : trimmed;
  const directoriesOnly = body.endsWith("/");
  const pattern = directoriesOnly ? body.slice(0, -1) : body;
  if (isPointless(pattern)) return [];
  return [
    {
      matches: compileGlob(pattern, { braces: false }),
      negated,
      directoriesOnly,
      anyDepth: !pattern.includes("/"),
    },
  ];
}

/** Git matches such patterns as they are, and no path is like that. */
function isPointless(pattern: string): boolean {
  const backslashes = /\\*$/.exec(pattern)?.[0].length ?? 0;
  const segments = pattern.replace(/^\//, "").split("/");
  return backslashes % 2 === 1 || segments.includes("") || segments.includes(".");
}

/** The rules that hold in a directory: its own, then those of the directories above. */
export interface IgnoreChain {
  readonly rules: IgnoreRules;
  /** The directory of the rules below the start, with `/` behind each name; or undefined when it lies above the start. */
  readonly base: string;
  /** Names from a directory above the start down to it. */
  readonly prefix: string;
  readonly parent: IgnoreChain | undefined;
}

/** Whether a path below the start is ignored; the nearest file that has a rule for it decides. */
export function isIgnored(chain: IgnoreChain | undefined, path: string, name: string, isDirectory: boolean): boolean {
  for (let link = chain; link; link = link.parent) {
    const verdict = link.rules.ignores(link.prefix + path.slice(link.base.length), name, isDirectory);
    if (verdict !== undefined) return verdict;
  }
  return false;
}
