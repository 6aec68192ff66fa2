/** Above this a search for similar lines would take too long to be worth a hint. */
const LINES_COMPARED = 50_000;
const SIMILAR_ENOUGH = 0.5;
const SHOWN = 120;

/** Tells where a text comes closest to lines that were not found in it, as one sentence for the model. */
export function closestLines(text: string, wanted: string): string {
  const lines = text.split("\n", LINES_COMPARED).map((line) => line.trim());
  if (lines.at(-1) === "") lines.pop();
  const parts = wanted.split("\n").map((line) => line.trim());
  const skipped = Math.max(
    0,
    parts.findIndex((part) => part !== ""),
  );
  const sought = parts.slice(skipped);
  const run = longestRun(lines, sought);
  if (run) {
    const { line, length } = run;
    if (length === sought.length) return `Lines from ${line + 1} on hold the same words with other whitespace.`;
    const actual = line + length < lines.length ? show(lines[line + length] ?? "") : "the end of the file";
    return `Line ${line + 1} is the same, but line ${line + length + 1} is ${actual} and not ${show(sought[length] ?? "")}.`;
  }
  const similar = mostSimilar(lines, sought[0] ?? "");
  return similar === undefined
    ? "No line of it is similar."
    : `The closest line is ${similar + 1}: ${show(lines[similar] ?? "")}.`;
}

/** The line from which most of `sought` follows in order. */
function longestRun(lines: readonly string[], sought: readonly string[]): { line: number; length: number } | undefined {
  let best: { line: number; length: number } | undefined;
  for (let line = lines.indexOf(sought[0] ?? ""); line !== -1; line = lines.indexOf(sought[0] ?? "", line + 1)) {
    let length = 1;
    while (length < sought.length && lines[line + length] === sought[length]) length++;
    if (length > (best?.length ?? 0)) best = { line, length };
    // Going on behind the run keeps this linear; a longer run that begins inside it is not worth the time.
    line += length - 1;
  }
  return best;
}

function mostSimilar(lines: readonly string[], sought: string): number | undefined {
  const words = wordsOf(sought);
  let best: { line: number; score: number } | undefined;
  for (const [line, candidate] of lines.entries()) {
    const score = similarity(words, wordsOf(candidate));
    if (score >= SIMILAR_ENOUGH && score > (best?.score ?? 0)) best = { line, score };
  }
  return best?.line;
}

const wordsOf = (line: string) => new Set(line.slice(0, 1000).match(/\w+/g));

/** Shared words among all words: 0 to 1. */
function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of a) if (b.has(word)) shared++;
  return shared === 0 ? 0 : (2 * shared) / (a.size + b.size);
}

const show = (line: string) => JSON.stringify(line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line);
