import type { CommitNode, CommitNodes } from "./commit-nodes.js";
import { type RevisionOptions, revisions } from "./revisions.js";

/** All commits of a range at once, for counting. */
export function limitedHistory(nodes: CommitNodes, options: RevisionOptions): CommitNode[] {
  const found: CommitNode[] = [];
  for (const node of revisions(nodes, options)) if (node !== undefined) found.push(node);
  return found;
}
