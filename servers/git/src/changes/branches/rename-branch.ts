import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { editConfig } from "../../repository/config/edit-config.js";
import type { ObjectId } from "../../repository/object-id.js";
import { appendToReflog, removeReflog } from "../../repository/refs/reflog-file.js";
import type { Repository } from "../../repository/repository.js";
import { reflogIdentity } from "../identity.js";
import { existingBranch, newBranchRef } from "./branch-name.js";
import { refuseCheckedOutElsewhere } from "./other-worktrees.js";

export interface RenamedBranch {
  readonly from: ByteString;
  readonly to: ByteString;
  /** Undefined of a branch without commits. */
  readonly oid: ObjectId | undefined;
}

/**
 * Renames a branch, with its reflog and its settings; `HEAD` follows.
 * @param name the current branch unless given
 * @throws ToolError NOT_FOUND, ALREADY_EXISTS, INVALID_ARGUMENT; CONFLICT where another worktree has it checked out
 */
export function renameBranch(repo: Repository, name: string | undefined, newName: string): RenamedBranch {
  const to = newBranchRef(newName);
  const head = repo.refs.head();
  if (name === undefined && head.kind === "detached") {
    throw new ToolError("INVALID_ARGUMENT", "HEAD is detached: there is no current branch", {
      hint: "Name the branch",
    });
  }
  const isUnborn =
    head.kind === "branch" && head.oid === undefined && (name === undefined || newBranchRef(name) === head.ref);
  if (isUnborn) {
    repo.refs.update([{ ref: "HEAD", to: undefined, target: to }], logOf(repo, head.ref, to));
    return { from: head.ref, to, oid: undefined };
  }
  const from = name === undefined && head.kind === "branch" ? head.ref : existingBranch(repo, name ?? "").ref;
  return move(repo, from, to, head.kind === "branch" && head.ref === from);
}

function move(repo: Repository, from: ByteString, to: ByteString, isCurrent: boolean): RenamedBranch {
  const oid = repo.refs.resolve(from);
  if (oid === undefined || repo.refs.resolve(to) !== undefined) {
    throw new ToolError("ALREADY_EXISTS", "There is a branch of the new name already", { hint: "Choose another name" });
  }
  refuseCheckedOutElsewhere(repo, from);
  const log = logOf(repo, from, to);
  const history = [...repo.refs.reflog(from)].reverse();
  repo.refs.update([{ ref: to, to: oid, expected: null }], log);
  // Its own first line tells of a new branch; what it was before belongs there instead.
  if (history.length > 0) {
    removeReflog(repo.layout, to);
    for (const entry of [...history, { from: oid, to: oid, ...log }]) appendToReflog(repo.layout, to, entry, true);
  }
  repo.refs.update([{ ref: from, to: undefined, expected: oid }], log);
  if (isCurrent) repo.refs.update([{ ref: "HEAD", to: undefined, target: to }], log);
  moveSettings(repo, subsectionOf(from), subsectionOf(to));
  return { from, to, oid };
}

function moveSettings(repo: Repository, from: ByteString, to: ByteString): void {
  if (!repo.config.subsections("branch").includes(from)) return;
  editConfig(repo, (text) => text.rename({ name: "branch", subsection: from }, { name: "branch", subsection: to }));
}

const subsectionOf = (ref: ByteString): ByteString => ref.slice("refs/heads/".length);

const logOf = (repo: Repository, from: ByteString, to: ByteString) => ({
  who: reflogIdentity(repo.config),
  message: `Branch: renamed ${from} to ${to}`,
});
