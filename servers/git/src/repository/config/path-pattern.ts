import type { ByteString } from "../bytes/byte-string.js";

/** Nobody's patterns are longer, and the time to match grows with length of pattern × path. */
const LONGEST = 4096;

/** Does a path match a glob: `*` and `?` within a name, `**` across names, `[…]`, `\` before what is meant as it is? */
export function matchesPath(pattern: ByteString, path: ByteString): boolean {
  if (pattern.length > LONGEST || path.length > LONGEST) return false;
  const pieces = piecesOf(pattern);
  // Positions in `pieces` that the path so far may have led to: no backtracking, hence no pattern that takes forever.
  let places = reachable(pieces, new Set([0]));
  for (const character of path) {
    const next = new Set<number>();
    for (const place of places) {
      const piece = pieces[place];
      if (piece?.accepts(character)) next.add(piece.repeats ? place : place + 1);
    }
    places = reachable(pieces, next);
    if (places.size === 0) return false;
  }
  return places.has(pieces.length);
}

interface Piece {
  readonly accepts: (character: string) => boolean;
  /** Matches any number of characters, also none. */
  readonly repeats: boolean;
  /** `**` before a slash, which may stand for no directory at all, is this many pieces long. */
  readonly skips?: number;
}

const anything = (): boolean => true;
const inName = (character: string): boolean => character !== "/";

function piecesOf(pattern: ByteString): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? "";
    const atStart = at === 0 || pattern[at - 1] === "/";
    if (atStart && pattern.startsWith("**/", at)) {
      pieces.push({ accepts: anything, repeats: true, skips: 2 }, literal("/"));
      at += 2;
    } else if (atStart && pattern.slice(at) === "**") {
      pieces.push({ accepts: anything, repeats: true });
      at += 1;
    } else if (character === "*") {
      pieces.push({ accepts: inName, repeats: true });
    } else if (character === "?") {
      pieces.push({ accepts: inName, repeats: false });
    } else if (character === "[") {
      const end = pattern.indexOf("]", at + (/^\[[!^]?\]/.test(pattern.slice(at, at + 3)) ? 3 : 1));
      pieces.push(end < 0 ? literal("[") : oneOf(pattern.slice(at + 1, end)));
      if (end >= 0) at = end;
    } else {
      if (character === "\\") at++;
      pieces.push(literal(pattern[at] ?? ""));
    }
  }
  return pieces;
}

const literal = (wanted: string): Piece => ({ accepts: (character) => character === wanted, repeats: false });

function oneOf(set: string): Piece {
  const negated = /^[!^]/.test(set);
  const members = negated ? set.slice(1) : set;
  const ranges = [...members.matchAll(/(.)-(.)|(.)/gs)].map(
    ([, from, to, one = ""]) => [from ?? one, to ?? one] as const,
  );
  return {
    accepts: (character) =>
      character !== "/" && ranges.some(([from, to]) => from <= character && character <= to) !== negated,
    repeats: false,
  };
}

/** Pieces that may match nothing can be passed over. */
function reachable(pieces: readonly Piece[], places: ReadonlySet<number>): Set<number> {
  const all = new Set(places);
  for (const place of all) {
    const piece = pieces[place];
    if (piece?.repeats) all.add(place + 1);
    if (piece?.skips) all.add(place + piece.skips);
  }
  return all;
}
