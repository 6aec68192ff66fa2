import { ChangeGroup } from "./change-group.js";
import type { ComparedSide } from "./changed-lines.js";
import type { Lines } from "./lines.js";
import { addSplitScore, isNoWorse, type SplitScore } from "./split-score.js";

/** Lines that the indent heuristic moves a group at most. */
const FURTHEST_SLIDE = 100;

/**
 * Moves each group of changed lines of a side to where it reads best, among the places where it says the same: joined with its
 * neighbours, next to a change of the other side, else (with `lines`) by indentation.
 */
export function slideChanges(side: ComparedSide, other: ComparedSide, lines: Lines | undefined): void {
  const group = new ChangeGroup(side);
  const opposite = new ChangeGroup(other);
  do {
    if (group.length > 0) slide(group, opposite, lines);
    opposite.next();
  } while (group.next());
}

function slide(group: ChangeGroup, opposite: ChangeGroup, lines: Lines | undefined): void {
  const { highestEnd, meetsOpposite, length } = slideToBottom(group, opposite);
  if (group.end === highestEnd) return;
  if (meetsOpposite) {
    while (opposite.length === 0) slideUp(group, opposite);
  } else if (lines) {
    const end = bestEnd(group, Math.max(highestEnd, group.end - length - 1, group.end - FURTHEST_SLIDE), length, lines);
    while (group.end > end) slideUp(group, opposite);
  }
}

/** Slides all the way up, then all the way down, until no more groups are joined. */
function slideToBottom(group: ChangeGroup, opposite: ChangeGroup) {
  for (;;) {
    const length = group.length;
    while (slideUp(group, opposite));
    const highestEnd = group.end;
    let meetsOpposite = opposite.length > 0;
    while (group.slideDown()) {
      opposite.next();
      if (opposite.length > 0) meetsOpposite = true;
    }
    if (group.length === length) return { highestEnd, meetsOpposite, length };
  }
}

function slideUp(group: ChangeGroup, opposite: ChangeGroup): boolean {
  if (!group.slideUp()) return false;
  opposite.previous();
  return true;
}

/** The end with the best score from `highest` to where the group ends now; the lowest of equals. */
function bestEnd(group: ChangeGroup, highest: number, length: number, lines: Lines): number {
  let best: SplitScore | undefined;
  let bestAt = group.end;
  for (let end = highest; end <= group.end; end++) {
    const score = { indent: 0, penalty: 0 };
    addSplitScore(score, lines, end);
    addSplitScore(score, lines, end - length);
    if (best && !isNoWorse(score, best)) continue;
    best = score;
    bestAt = end;
  }
  return bestAt;
}
