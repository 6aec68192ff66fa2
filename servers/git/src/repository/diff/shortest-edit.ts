import type { Comparison } from "./changed-lines.js";
import { type Candidates, roughSquareRoot } from "./line-candidates.js";
import { SplitSearch } from "./split-search.js";

/** Part of both files that is yet to be compared, ends not included. `minimal`: no short cuts are to be taken. */
interface Box {
  beforeStart: number;
  beforeEnd: number;
  afterStart: number;
  afterEnd: number;
  minimal: boolean;
}

/**
 * Marks the lines that a short edit from one file to the other has to touch: Myers' linear-space divide and conquer with git's
 * limits on cost, so that it finds the same edit.
 * @param effort steps after which the rest is taken as replaced; git has no such limit
 */
export function markShortestEdit(
  { before, after }: Comparison,
  [one, other]: [Candidates, Candidates],
  effort: number,
): void {
  const search = new SplitSearch(one.ids, other.ids, roughSquareRoot(one.ids.length + other.ids.length + 3), effort);
  const boxes: Box[] = [
    { beforeStart: 0, beforeEnd: one.ids.length, afterStart: 0, afterEnd: other.ids.length, minimal: false },
  ];
  for (let box = boxes.pop(); box; box = boxes.pop()) {
    shrink(box, one.ids, other.ids);
    const split = hasBothSides(box) ? search.split(box) : undefined;
    if (!split) {
      for (let at = box.beforeStart; at < box.beforeEnd; at++) before.changed[one.lines[at] ?? 0] = 1;
      for (let at = box.afterStart; at < box.afterEnd; at++) after.changed[other.lines[at] ?? 0] = 1;
      continue;
    }
    boxes.push({ ...box, beforeStart: split.before, afterStart: split.after, minimal: split.minimalAbove });
    boxes.push({ ...box, beforeEnd: split.before, afterEnd: split.after, minimal: split.minimalBelow });
  }
}

const hasBothSides = (box: Box) => box.beforeStart < box.beforeEnd && box.afterStart < box.afterEnd;

/** Takes what is the same at both ends off a box. */
function shrink(box: Box, before: Int32Array, after: Int32Array): void {
  while (hasBothSides(box) && before[box.beforeStart] === after[box.afterStart]) {
    box.beforeStart++;
    box.afterStart++;
  }
  while (hasBothSides(box) && before[box.beforeEnd - 1] === after[box.afterEnd - 1]) {
    box.beforeEnd--;
    box.afterEnd--;
  }
}
