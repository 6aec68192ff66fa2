import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { editConfig } from "../../repository/config/edit-config.js";
import { isAncestor } from "../../repository/history/merge-base.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { trackedRef } from "../../repository/revision/upstream.js";
import { reflogIdentity } from "../identity.js";
import { keepForUndo } from "../undo-ref.js";
import { existingBranch, shortName } from "./branch-name.js";
import { refuseCheckedOutElsewhere } from "./other-worktrees.js";

export interface Deletion {
  /** Also a branch that is not merged. */
  readonly force?: boolean | undefined;
  /** Where it has to be. */
  readonly expected?: ObjectId | undefined;
}

export interface DeletedBranch {
  readonly ref: ByteString;
  /** Where it was. */
  readonly oid: ObjectId;
  readonly undoRef: ByteString;
}

/**
 * What a deletion would lose.
 * @returns merged: every commit of the branch is in its upstream, or in `HEAD` where it has none
 * @throws ToolError NOT_FOUND
 */
export function describeBranch(repo: Repository, name: string): { ref: ByteString; oid: ObjectId; merged: boolean } {
  const { ref, oid } = existingBranch(repo, name);
  const upstream = trackedRef(repo.config, ref);
  const into = (upstream === undefined ? undefined : repo.refs.resolve(upstream)) ?? repo.refs.head().oid;
  return { ref, oid, merged: into !== undefined && isAncestor(repo, oid, into) };
}

/**
 * Deletes a branch, its reflog and its settings; its commits stay reachable by a recovery ref.
 * @throws ToolError NOT_FOUND; CONFLICT where it is checked out, or is not merged and `force` is not given
 */
export function deleteBranch(
  repo: Repository,
  name: string,
  { force = false, expected }: Deletion = {},
): DeletedBranch {
  const { ref, oid, merged } = describeBranch(repo, name);
  if (expected !== undefined && expected !== oid) throw new ToolError("CONFLICT", `Branch "${name}" is at ${oid} now`);
  const head = repo.refs.head();
  if (head.kind === "branch" && head.ref === ref && repo.layout.worktree) {
    throw new ToolError("CONFLICT", `Branch "${name}" is checked out here`, { hint: "Check out another one first" });
  }
  refuseCheckedOutElsewhere(repo, ref);
  if (!merged && !force) {
    throw new ToolError("CONFLICT", `Branch "${name}" has commits that are not merged`, {
      hint: "Merge it, or pass force to delete it all the same",
    });
  }
  const undoRef = keepForUndo(repo, `delete-branch-${shortName(ref)}`, oid);
  repo.refs.update([{ ref, to: undefined, expected: oid }], { who: reflogIdentity(repo.config), message: "" });
  const subsection = ref.slice("refs/heads/".length);
  if (repo.config.subsections("branch").includes(subsection)) {
    editConfig(repo, (text) => text.remove({ name: "branch", subsection }));
  }
  return { ref, oid, undoRef };
}
