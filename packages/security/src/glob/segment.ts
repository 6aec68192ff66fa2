/** Says whether one name (a path segment) matches. */
export type SegmentMatcher = (name: string) => boolean;

const STAR = Symbol("*");
const ANY = Symbol("?");

interface CharacterClass {
  readonly negated: boolean;
  /** First and last code point of each range. */
  readonly ranges: readonly (readonly [number, number])[];
}

type Token = typeof STAR | typeof ANY | CharacterClass | number;

/**
 * Compiles one segment of a glob: `*`, `?`, `[a-z]`, `[!a-z]` and `\`. A `[` without its `]` is an ordinary character.
 * @param nocase names come in lower case.
 */
export function compileSegment(segment: string, nocase: boolean): SegmentMatcher {
  const tokens = tokenize(segment);
  if (tokens.every((token) => typeof token === "number")) {
    const literal = fold(String.fromCodePoint(...tokens), nocase);
    return (name) => name === literal;
  }
  const [first, ...rest] = tokens;
  if (first === STAR && rest.every((token) => typeof token === "number")) {
    const suffix = fold(String.fromCodePoint(...rest), nocase);
    return (name) => name.endsWith(suffix);
  }
  const folded = nocase ? tokens.flatMap(foldToken) : tokens;
  return (name) => matchTokens(folded, name, nocase);
}

const fold = (text: string, nocase: boolean) => (nocase ? text.toLowerCase() : text);

const foldToken = (token: Token): Token[] =>
  typeof token === "number" ? [...String.fromCodePoint(token).toLowerCase()].map(codePoint) : [token];

const codePoint = (character: string) => character.codePointAt(0) as number;

function tokenize(segment: string): Token[] {
  const characters = [...segment];
  const tokens: Token[] = [];
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] as string;
    const set = character === "[" ? parseClass(characters, index) : undefined;
    if (set) {
      tokens.push(set.token);
      index = set.end;
    } else if (character === "*") {
      if (tokens.at(-1) !== STAR) tokens.push(STAR);
    } else if (character === "?") {
      tokens.push(ANY);
    } else if (character === "\\" && index + 1 < characters.length) {
      tokens.push(codePoint(characters[++index] as string));
    } else {
      tokens.push(codePoint(character));
    }
  }
  return tokens;
}

/** Reads the class that opens at `start`; `]` right behind the opening belongs to it, as does `-` at either end. */
function parseClass(characters: readonly string[], start: number): { token: CharacterClass; end: number } | undefined {
  const negated = characters[start + 1] === "!" || characters[start + 1] === "^";
  const first = start + (negated ? 2 : 1);
  const ranges: [number, number][] = [];
  let index = first;
  const next = () => {
    if (characters[index] === "\\" && index + 1 < characters.length) index++;
    return codePoint(characters[index++] as string);
  };
  while (index < characters.length) {
    if (characters[index] === "]" && index > first) return { token: { negated, ranges }, end: index };
    const low = next();
    const isRange = characters[index] === "-" && index + 1 < characters.length && characters[index + 1] !== "]";
    if (isRange) index++;
    ranges.push([low, isRange ? next() : low]);
  }
  return undefined;
}

/** As for `**` over segments: only the last `*` gives back, one character at a time. */
function matchTokens(tokens: readonly Token[], name: string, nocase: boolean): boolean {
  let token = 0;
  let at = 0;
  let retryToken = -1;
  let retryAt = 0;
  while (at < name.length) {
    const current = tokens[token];
    if (current === STAR) {
      if (token === tokens.length - 1) return true;
      retryToken = ++token;
      retryAt = at;
      continue;
    }
    const point = name.codePointAt(at) as number;
    if (current !== undefined && matchesOne(current, point, nocase)) {
      token++;
      at += width(point);
    } else if (retryToken >= 0) {
      token = retryToken;
      retryAt += width(name.codePointAt(retryAt) as number);
      at = retryAt;
    } else {
      return false;
    }
  }
  if (tokens[token] === STAR) token++;
  return token === tokens.length;
}

const width = (point: number) => (point > 0xffff ? 2 : 1);

function matchesOne(token: Exclude<Token, typeof STAR>, point: number, nocase: boolean): boolean {
  if (token === ANY) return true;
  if (typeof token === "number") return token === point;
  const upper = nocase ? upperCase(point) : point;
  const inside = token.ranges.some(([low, high]) => (point >= low && point <= high) || (upper >= low && upper <= high));
  return inside !== token.negated;
}

/** The one capital of a character, or the character itself (ß has two). */
function upperCase(point: number): number {
  const capitals = [...String.fromCodePoint(point).toUpperCase()];
  return capitals.length === 1 ? codePoint(capitals[0] as string) : point;
}
