import type { ObjectId } from "../object-id.js";
import { BOTTOM, TREESAME, type Traversal, UNINTERESTING, type Visit } from "./traversal.js";

/** Does the commit have the same as its nth parent, in all that history is limited to? Without a parent: does it have nothing? */
export type SameAsParent = (commit: Visit, parent: Visit | undefined, nth: number) => boolean;

/**
 * Git's default simplification of history: a commit that is the same as one of its parents is passed over, and of that
 * parent's siblings nothing is shown: they cannot explain what is there now.
 */
export function simplification(
  isSame: SameAsParent,
  firstParent = false,
): (visit: Visit, traversal: Traversal) => void {
  return (visit, traversal) => {
    const parents = firstParent ? visit.parents.slice(0, 1) : visit.parents;
    if (parents.length === 0) {
      if (isSame(visit, undefined, 0)) visit.flags |= TREESAME;
      return;
    }
    const same = onlyParentNeeded(visit, parents, traversal, isSame);
    if (same === undefined) return;
    if (same !== null) visit.parents = [same];
    visit.flags |= TREESAME;
  };
}

/** The first parent with the same content; null where only such count as change nothing; undefined for a commit to be shown. */
function onlyParentNeeded(
  visit: Visit,
  parents: readonly ObjectId[],
  traversal: Traversal,
  isSame: SameAsParent,
): ObjectId | null | undefined {
  let relevantChange = false;
  let otherChange = false;
  let hasRelevant = false;
  for (let nth = 0; nth < parents.length; nth++) {
    const parent = traversal.parsed(parents[nth] ?? "");
    const relevant = isRelevant(parent);
    hasRelevant ||= relevant;
    if (isSame(visit, parent, nth)) {
      if (relevant) return parent.oid;
    } else if (relevant) relevantChange = true;
    else otherChange = true;
  }
  // What a merge brings from outside of the range explains nothing, unless there is nothing else.
  return (hasRelevant ? relevantChange : otherChange) ? undefined : null;
}

/** Inside of the range, or where it was said to end. */
const isRelevant = ({ flags }: Visit): boolean => (flags & (UNINTERESTING | BOTTOM)) !== UNINTERESTING;
