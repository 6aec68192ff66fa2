import type { TextLine } from "../walk/tasks.js";
import type { LineMatcher } from "./line-matcher.js";

/** A line of a text that matches. */
export interface Hit {
  /** From 1. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** The matching lines of a text, in order. */
export function* matchingLines(text: string, matcher: LineMatcher): Generator<Hit, void, undefined> {
  let number = 1;
  let counted = 0;
  for (let from = 0; from < text.length; ) {
    const position = matcher.next(text, from);
    if (position < 0) return;
    const start = lineStart(text, position);
    for (let at = text.indexOf("\n", counted); at >= 0 && at < start; at = text.indexOf("\n", at + 1)) number++;
    counted = start;
    const end = lineEnd(text, position);
    // Behind the last line end there is no line.
    if (start === text.length) return;
    yield { number, start, end };
    from = end + 1;
  }
}

const lineStart = (text: string, position: number) => (position === 0 ? 0 : text.lastIndexOf("\n", position - 1) + 1);

function lineEnd(text: string, position: number): number {
  const end = text.indexOf("\n", position);
  return end < 0 ? text.length : end;
}

export interface ShownLines {
  /** Lines of context on either side. */
  readonly context: number;
  /** In UTF-16 code units. */
  readonly maxLineLength: number;
}

/** The hits with the lines around them, each line once. */
export function withContext(
  text: string,
  hits: readonly Hit[],
  matcher: LineMatcher,
  { context, maxLineLength }: ShownLines,
): TextLine[] {
  const lines: TextLine[] = [];
  for (const [index, hit] of hits.entries()) {
    const shown = lines.at(-1)?.number ?? 0;
    for (const line of linesBefore(text, hit, Math.min(context, hit.number - shown - 1))) {
      lines.push(contextLine(text, line, maxLineLength));
    }
    const line = text.slice(hit.start, hit.end);
    const matchAt = line.length > maxLineLength ? matcher.locate(line) : 0;
    lines.push({ number: hit.number, text: clip(line, matchAt, maxLineLength), match: true });
    const room = (hits[index + 1]?.number ?? Number.POSITIVE_INFINITY) - hit.number - 1;
    for (const after of linesAfter(text, hit, Math.min(context, room))) {
      lines.push(contextLine(text, after, maxLineLength));
    }
  }
  return lines;
}

const contextLine = (text: string, { number, start, end }: Hit, maxLength: number): TextLine => ({
  number,
  text: clip(text.slice(start, end), 0, maxLength),
  match: false,
});

function linesBefore(text: string, hit: Hit, count: number): Hit[] {
  const lines: Hit[] = [];
  let { number, start } = hit;
  while (lines.length < count) {
    const end = start - 1;
    start = lineStart(text, end);
    lines.unshift({ number: --number, start, end });
  }
  return lines;
}

function linesAfter(text: string, hit: Hit, count: number): Hit[] {
  const lines: Hit[] = [];
  let { number, end } = hit;
  while (lines.length < count && end + 1 < text.length) {
    const start = end + 1;
    end = lineEnd(text, start);
    lines.push({ number: ++number, start, end });
  }
  return lines;
}

/** At most `maxLength` code units of a line, from a little before `matchAt` on, with `…` for what is left out. */
function clip(line: string, matchAt: number, maxLength: number): string {
  if (line.length <= maxLength) return line;
  const lead = Math.floor(maxLength / 4);
  const start = Math.max(0, Math.min(matchAt - lead, line.length - maxLength));
  const window = line.slice(start, start + maxLength).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, "");
  return `${start > 0 ? "…" : ""}${window}${start + maxLength < line.length ? "…" : ""}`;
}
