import type { Lines } from "./lines.js";
import type { LineChange } from "./types.js";

/** Changes that are shown together, with the context around them; lines are counted from 0, ends are not included. */
export interface Hunk extends LineChange {
  readonly changes: readonly LineChange[];
}

/** Joins changes whose contexts touch. */
export function groupIntoHunks(
  changes: readonly LineChange[],
  { before, after, context }: { before: Lines; after: Lines; context: number },
): Hunk[] {
  const groups: LineChange[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && change.beforeStart - last.beforeEnd <= 2 * context) group.push(change);
    else groups.push([change]);
  }
  return groups.map((group) => withContext(group, before.count, after.count, context));
}

function withContext(changes: readonly LineChange[], beforeCount: number, afterCount: number, context: number): Hunk {
  const [first = NOTHING] = changes;
  const last = changes.at(-1) ?? NOTHING;
  const below = Math.min(context, beforeCount - last.beforeEnd, afterCount - last.afterEnd);
  return {
    changes,
    beforeStart: Math.max(first.beforeStart - context, 0),
    beforeEnd: last.beforeEnd + below,
    afterStart: Math.max(first.afterStart - context, 0),
    afterEnd: last.afterEnd + below,
  };
}

const NOTHING: LineChange = { beforeStart: 0, beforeEnd: 0, afterStart: 0, afterEnd: 0 };
