import type { ByteString } from "../bytes/byte-string.js";
import { bracketAt } from "./bracket.js";
import { foldCase } from "./fold-case.js";

const SLASH = 0x2f;
const STAR = 0x2a;

/** What one character of the text must be; or how many may be skipped. */
type Token =
  | { readonly kind: "char"; readonly code: number }
  | { readonly kind: "set"; readonly members: ReadonlySet<number> }
  /** Any but a slash. */
  | { readonly kind: "any" }
  /** Any number of any but a slash. */
  | { readonly kind: "star" }
  /** Any number of any. */
  | { readonly kind: "globstar" }
  /** The two tokens that follow (a globstar and a slash) may be left out. */
  | { readonly kind: "optional" }
  | { readonly kind: "never" };

export interface WildmatchOptions {
  /** `A` and `a` are the same. */
  readonly ignoreCase?: boolean;
}

/**
 * Compiles a pattern of `.gitignore` or `.gitattributes`: `*` and `?` stop at slashes, `**` as a whole component does not.
 * All ways to match are followed at once, so that the time is at most the length of the pattern times that of the text,
 * whatever the pattern.
 */
export function wildmatch(pattern: ByteString, options: WildmatchOptions = {}): (text: ByteString) => boolean {
  const tokens = tokensOf(pattern, options.ignoreCase ?? false);
  return (text) => matches(tokens, options.ignoreCase ? foldCase(text) : text);
}

function tokensOf(pattern: ByteString, ignoreCase: boolean): readonly Token[] {
  const tokens: Token[] = [];
  // Git folds neither what a backslash precedes nor what stands in brackets.
  const literal = ignoreCase ? foldCase(pattern) : pattern;
  for (let i = 0; i < pattern.length; ) {
    const char = pattern[i];
    if (char === "*") i = addStars(tokens, pattern, i);
    else if (char === "?") i = push(tokens, { kind: "any" }, i + 1);
    else if (char === "[") {
      const bracket = bracketAt(pattern, i, ignoreCase);
      i = push(
        tokens,
        bracket ? { kind: "set", members: bracket.members } : { kind: "never" },
        bracket?.end ?? pattern.length,
      );
    } else if (char === "\\") {
      const code = pattern.charCodeAt(i + 1);
      i = push(tokens, Number.isNaN(code) ? { kind: "never" } : { kind: "char", code }, i + 2);
    } else i = push(tokens, { kind: "char", code: literal.charCodeAt(i) }, i + 1);
  }
  return tokens;
}

function push(tokens: Token[], token: Token, next: number): number {
  tokens.push(token);
  return next;
}

function addStars(tokens: Token[], text: ByteString, start: number): number {
  let end = start;
  while (text.charCodeAt(end) === STAR) end++;
  const opens = start === 0 || text[start - 1] === "/";
  const closes = end === text.length || text[end] === "/" || text.startsWith("\\/", end);
  if (end - start === 1 || !opens || !closes) return push(tokens, { kind: "star" }, end);
  if (text[end] === "/") tokens.push({ kind: "optional" });
  return push(tokens, { kind: "globstar" }, end);
}

/** Follows all states at once: state `n` means that the tokens before `n` are matched. */
function matches(tokens: readonly Token[], text: ByteString): boolean {
  let states = new Set<number>();
  enter(states, tokens, 0);
  for (let i = 0; i < text.length && states.size > 0; i++) {
    const code = text.charCodeAt(i);
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (token === undefined || !accepts(token, code)) continue;
      enter(next, tokens, token.kind === "star" || token.kind === "globstar" ? state : state + 1);
    }
    states = next;
  }
  return states.has(tokens.length);
}

/** Adds a state, and those that it leads to without a character. */
function enter(states: Set<number>, tokens: readonly Token[], first: number): void {
  for (let state = first; ; state++) {
    const kind = tokens[state]?.kind;
    if (kind === "optional") enter(states, tokens, state + 3);
    else if (states.has(state)) return;
    else states.add(state);
    if (kind !== "star" && kind !== "globstar" && kind !== "optional") return;
  }
}

function accepts(token: Token, code: number): boolean {
  switch (token.kind) {
    case "char":
      return token.code === code;
    case "set":
      return code !== SLASH && token.members.has(code);
    case "any":
    case "star":
      return code !== SLASH;
    case "globstar":
      return true;
    default:
      return false;
  }
}
