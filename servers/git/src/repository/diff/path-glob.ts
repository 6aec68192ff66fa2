import type { ByteString } from "../bytes/byte-string.js";

/** A byte to match, the bytes that match (true at their index), or any number of bytes. */
type GlobPart = number | readonly boolean[] | "star";

const ANY_BYTE: readonly boolean[] = new Array<boolean>(256).fill(true);

/**
 * A glob as git matches pathspecs with it: `*` any bytes and `?` any one, slashes too; `[a-z]`, `[!a-z]`; `\` takes the next
 * byte literally. Takes time proportional to pattern × path at most.
 */
export class PathGlob {
  readonly #parts: readonly GlobPart[];

  constructor(pattern: ByteString) {
    this.#parts = partsOf(pattern);
  }

  matches(path: ByteString): boolean {
    const parts = this.#parts;
    let part = 0;
    let at = 0;
    /** Where to go on after taking one more byte for the last star; stars before it need not be tried again. */
    let retry: { part: number; at: number } | undefined;
    while (at < path.length) {
      const wanted = parts[part];
      if (wanted === "star") {
        retry = { part: ++part, at };
      } else if (wanted !== undefined && matchesByte(wanted, path.charCodeAt(at))) {
        part++;
        at++;
      } else if (retry) {
        retry.at++;
        ({ part, at } = retry);
      } else return false;
    }
    while (parts[part] === "star") part++;
    return part === parts.length;
  }
}

const matchesByte = (part: Exclude<GlobPart, "star">, byte: number): boolean =>
  typeof part === "number" ? part === byte : part[byte] === true;

function partsOf(pattern: ByteString): GlobPart[] {
  const parts: GlobPart[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const byte = pattern[at];
    if (byte === "*") parts.push("star");
    else if (byte === "?") parts.push(ANY_BYTE);
    else if (byte === "[") {
      const set = readSet(pattern, at + 1);
      if (!set) return [...parts, []];
      parts.push(set.bytes);
      at = set.end;
    } else parts.push(pattern.charCodeAt(byte === "\\" && at + 1 < pattern.length ? ++at : at));
  }
  return parts;
}

/** Reads a set from behind its `[` to its `]`; undefined where it has no end. */
function readSet(pattern: ByteString, start: number): { bytes: boolean[]; end: number } | undefined {
  const negated = pattern[start] === "!" || pattern[start] === "^";
  const first = negated ? start + 1 : start;
  const bytes = new Array<boolean>(256).fill(negated);
  for (let at = first; at < pattern.length; at++) {
    if (pattern[at] === "]" && at > first) return { bytes, end: at };
    if (pattern[at] === "\\") at++;
    const low = pattern.charCodeAt(at);
    const isRange = pattern[at + 1] === "-" && at + 2 < pattern.length && pattern[at + 2] !== "]";
    if (isRange) at += pattern[at + 2] === "\\" ? 3 : 2;
    const high = pattern.charCodeAt(at);
    for (let byte = low; byte <= high; byte++) bytes[byte] = !negated;
  }
  return undefined;
}
