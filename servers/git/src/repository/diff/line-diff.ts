import { type Comparison, sideOf } from "./changed-lines.js";
import { chooseCandidates } from "./line-candidates.js";
import { LineInterner, type NumberedLines } from "./line-interner.js";
import { commonEndBlocks, firstLines, type Lines, linesWithin, splitLines } from "./lines.js";
import { markShortestEdit } from "./shortest-edit.js";
import { slideChanges } from "./slide-changes.js";
import type { LineChange } from "./types.js";
import { type IgnoredWhitespace, withoutWhitespace } from "./whitespace.js";

export interface LineDiffOptions {
  readonly ignoreWhitespace?: IgnoredWhitespace | undefined;
  /**
   * Leave off whole blocks that both files end with before all else, as git does where no context is shown (`-U0`, blame): ambiguous
   * changes may then lie elsewhere.
   */
  readonly trimEnd?: boolean | undefined;
  /** Steps (about 5 ns each) after which what is left is taken as replaced; so that no two files take for ever. */
  readonly effort?: number | undefined;
}

/** About half a second; files of a hundred thousand lines that were shuffled take that. */
const USUAL_EFFORT = 1e8;

/** The lines that differ, exactly as `git diff` chooses them: Myers, with git's heuristics and the indent heuristic. */
export function diffLines(before: Buffer, after: Buffer, options: LineDiffOptions = {}): LineChange[] {
  return diffSplitLines(splitLines(before), splitLines(after), options);
}

/** As {@link diffLines}, of content that is split already. */
export function diffSplitLines(before: Lines, after: Lines, options: LineDiffOptions = {}): LineChange[] {
  const { ignoreWhitespace } = options;
  const shown = (lines: Lines) => (ignoreWhitespace ? withoutWhitespace(lines, ignoreWhitespace) : lines);
  const interner = new LineInterner();
  const one = interner.number(shown(before));
  const other = interner.number(shown(after), one);
  return diffNumberedLines({ lines: before, ids: one.ids }, { lines: after, ids: other.ids }, interner.count, options);
}

/**
 * As {@link diffLines}, of lines that one interner has numbered.
 * @param idCount the interner's count
 */
export function diffNumberedLines(
  before: NumberedLines,
  after: NumberedLines,
  idCount: number,
  { trimEnd, effort = USUAL_EFFORT }: Pick<LineDiffOptions, "trimEnd" | "effort">,
): LineChange[] {
  const [beforeCount, afterCount] = trimEnd
    ? linesBeforeCommonEnd(before.lines, after.lines)
    : [before.lines.count, after.lines.count];
  const comparison = {
    before: sideOf(before.ids.subarray(0, beforeCount)),
    after: sideOf(after.ids.subarray(0, afterCount)),
  };
  markShortestEdit(comparison, chooseCandidates(comparison, idCount), effort);
  slideChanges(comparison.before, comparison.after, firstLines(before.lines, beforeCount));
  slideChanges(comparison.after, comparison.before, firstLines(after.lines, afterCount));
  return changesOf(comparison);
}

/** How many lines of each are left without the blocks that both end with; a line that is cut stays whole. */
function linesBeforeCommonEnd(before: Lines, after: Lines): [number, number] {
  const bytes = commonEndBlocks(before.content, after.content);
  const cut = before.content.length - bytes;
  const feed = bytes === 0 ? -1 : before.content.indexOf(0x0a, cut);
  if (feed < 0) return [before.count, after.count];
  const end = feed + 1 - cut;
  return [linesWithin(before, cut + end), linesWithin(after, after.content.length - bytes + end)];
}

function changesOf({ before, after }: Comparison): LineChange[] {
  const changes: LineChange[] = [];
  let beforeEnd = 0;
  let afterEnd = 0;
  while (beforeEnd < before.ids.length || afterEnd < after.ids.length) {
    const beforeStart = beforeEnd;
    const afterStart = afterEnd;
    while (before.changed[beforeEnd]) beforeEnd++;
    while (after.changed[afterEnd]) afterEnd++;
    if (beforeEnd > beforeStart || afterEnd > afterStart)
      changes.push({ beforeStart, beforeEnd, afterStart, afterEnd });
    beforeEnd++;
    afterEnd++;
  }
  return changes;
}
