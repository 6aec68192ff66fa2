import type { Lines } from "./lines.js";

/** How ugly it is to start or end a block of changes here: the deeper its indentation, then the higher the penalty. */
export interface SplitScore {
  indent: number;
  penalty: number;
}

/** The weights that git found in experiments with people's own choices. */
const WEIGHT = {
  startOfFile: 1,
  endOfFile: 21,
  blankLine: -30,
  blankLineAfter: 6,
  indented: -4,
  indentedAfterBlank: 10,
  outdented: 24,
  outdentedAfterBlank: 17,
  dedented: 23,
  dedentedAfterBlank: 17,
  indentComparison: 60,
};

const DEEPEST_INDENT = 200;
const MOST_BLANK_LINES = 20;
const BLANK = -1;

/** Indent of the nearest line with text in a direction (−1: none), and how many blank lines are before it. */
interface Neighbour {
  readonly indent: number;
  readonly blanks: number;
}

/** Adds the score of a split above the given line. */
export function addSplitScore(score: SplitScore, lines: Lines, line: number): void {
  const own = line < lines.count ? indentOf(lines, line) : BLANK;
  const above = neighbour(lines, line - 1, -1);
  const below = neighbour(lines, line + 1, 1);
  if (above.indent === BLANK && above.blanks === 0) score.penalty += WEIGHT.startOfFile;
  if (line >= lines.count) score.penalty += WEIGHT.endOfFile;

  const blanksAfter = own === BLANK ? 1 + below.blanks : 0;
  const blanks = above.blanks + blanksAfter;
  score.penalty += WEIGHT.blankLine * blanks + WEIGHT.blankLineAfter * blanksAfter;

  const indent = own === BLANK ? below.indent : own;
  score.indent += indent;
  if (indent === BLANK || above.indent === BLANK || indent === above.indent) return;
  const opensBlock = below.indent !== BLANK && below.indent > indent;
  if (indent > above.indent) score.penalty += blanks ? WEIGHT.indentedAfterBlank : WEIGHT.indented;
  else if (opensBlock) score.penalty += blanks ? WEIGHT.outdentedAfterBlank : WEIGHT.outdented;
  else score.penalty += blanks ? WEIGHT.dedentedAfterBlank : WEIGHT.dedented;
}

/** Is the first split no uglier than the second? */
export const isNoWorse = (one: SplitScore, other: SplitScore): boolean =>
  WEIGHT.indentComparison * Math.sign(one.indent - other.indent) + one.penalty - other.penalty <= 0;

function neighbour(lines: Lines, from: number, step: 1 | -1): Neighbour {
  let blanks = 0;
  for (let line = from; line >= 0 && line < lines.count; line += step) {
    const indent = indentOf(lines, line);
    if (indent !== BLANK) return { indent, blanks };
    if (++blanks === MOST_BLANK_LINES) return { indent: 0, blanks };
  }
  return { indent: BLANK, blanks };
}

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

/** Columns before the first character that is no white space; −1 where there is none. */
function indentOf({ content, starts }: Lines, line: number): number {
  const end = starts[line + 1] ?? 0;
  let indent = 0;
  for (let at = starts[line] ?? 0; at < end; at++) {
    const byte = content[at];
    if (byte === SPACE) indent++;
    else if (byte === TAB) indent += 8 - (indent % 8);
    else if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN) return indent;
    if (indent >= DEEPEST_INDENT) return DEEPEST_INDENT;
  }
  return BLANK;
}
