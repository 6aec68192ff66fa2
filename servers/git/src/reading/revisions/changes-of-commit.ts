import type { FileChange } from "../../repository/diff/types.js";
import { commitNodes } from "../../repository/history/commit-nodes.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { type ChangeFilter, changesBetween } from "../differences/changes-between.js";

/** What a commit changed since its first parent; of the first commit, also that of a shallow clone, all there is. */
export function changesOfCommit(repo: Repository, oid: ObjectId, filter: ChangeFilter): Promise<readonly FileChange[]> {
  const nodes = commitNodes(repo);
  const [parent] = nodes.get(oid).parents;
  return changesBetween(repo, parent === undefined ? undefined : nodes.get(parent).tree, nodes.get(oid).tree, filter);
}
