import type { Layout } from "../layout/types.js";
import type { ObjectId } from "../object-id.js";
import type { CommitNode } from "./commit-nodes.js";

export interface CommitGraph {
  node(oid: ObjectId): CommitNode | undefined;
}

export function openCommitGraph(_layout: Layout): CommitGraph | undefined {
  return undefined;
}
