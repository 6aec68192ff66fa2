/**
 * Regular expressions that match whatever the case. A class for each letter, because PostgreSQL folds by the database's
 * locale: under C not even `Ä` and `ä` are the same to ILIKE.
 */
export interface NamePattern {
  /** The whole name. */
  readonly exact: string;
  /** Its beginning. */
  readonly prefix: string;
  /** Any part of it. */
  readonly within: string;
  /** What a name must match to be found at all. */
  readonly match: string;
}

/** @param pattern a part of a name, or a glob: `*` and `%` stand for anything, `?` for one character */
export function namePattern(pattern: string): NamePattern {
  const body = letters(pattern);
  const glob = /[*%?]/.test(pattern);
  return { exact: `^${body}$`, prefix: `^${body}`, within: body, match: glob ? `^${body}$` : body };
}

/** Matches exactly this name, whatever the case. */
export const anyCase = (name: string) => `^${[...name].map(letter).join("")}$`;

const letters = (pattern: string) => [...pattern].map((one) => wildcard(one) ?? letter(one)).join("");

function wildcard(character: string): string | undefined {
  if (character === "?") return ".";
  return character === "*" || character === "%" ? ".*" : undefined;
}

function letter(character: string): string {
  const forms = new Set([character, character.toLowerCase(), character.toUpperCase()].filter(isOneCharacter));
  if (forms.size > 1) return `[${[...forms].join("")}]`;
  return /[\p{L}\p{N}]/u.test(character) || character > "\x7f" ? character : `\\${character}`;
}

/** `ß` becomes `SS`: two characters, which no class can hold. */
const isOneCharacter = (text: string) => [...text].length === 1;
