/**
 * Characters that would break a line, or make it read as something else: controls, line separators and the marks that
 * turn the direction of writing.
 */
const UNSAFE = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A name or path for a line of its own: as it is wherever that is safe, else as a JSON string. One that begins with a
 * quote is always a JSON string, so that the two cannot be mistaken for each other.
 */
export function oneLine(name: string): string {
  if (!/^["\s]|\s$/.test(name) && name.search(UNSAFE) < 0) return name;
  return JSON.stringify(name).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** How many of `lines`, joined by newlines, fit into `maxBytes`: at least one, so that every page gets on. */
export function countFitting(lines: readonly string[], maxBytes: number): number {
  let bytes = 0;
  for (const [index, line] of lines.entries()) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > maxBytes && index > 0) return index;
  }
  return lines.length;
}
