import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf } from "../../repository/bytes/byte-string.js";
import { editConfig } from "../../repository/config/edit-config.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { findRef } from "../../repository/revision/find-ref.js";
import { resolveRevision } from "../../repository/revision/resolve.js";
import { reflogIdentity } from "../identity.js";
import { newBranchRef } from "./branch-name.js";

export interface NewBranch {
  readonly ref: ByteString;
  readonly oid: ObjectId;
  /** The remote-tracking branch that it follows from now on. */
  readonly upstream: ByteString | undefined;
}

/**
 * Makes a branch. One that starts from a remote-tracking branch follows it, as `branch.autoSetupMerge` says by default.
 * @param base revision that it starts from; `HEAD` unless given
 * @throws ToolError ALREADY_EXISTS, INVALID_ARGUMENT for a bad name, what {@link resolveRevision} throws
 */
export function createBranch(repo: Repository, name: string, base = "HEAD"): NewBranch {
  const ref = newBranchRef(name);
  const oid = resolveRevision(repo, base);
  if (repo.refs.resolve(ref) !== undefined) {
    throw new ToolError("ALREADY_EXISTS", `Branch "${name}" exists already`, { hint: "Choose another name" });
  }
  const log = { who: reflogIdentity(repo.config), message: `branch: Created from ${bytesOf(base)}` };
  repo.refs.update([{ ref, to: oid, expected: null }], log);
  const source = findRef(repo.refs, bytesOf(base))?.ref;
  const upstream = source?.startsWith("refs/remotes/") ? source : undefined;
  const follows = upstream !== undefined && repo.config.get("branch.autosetupmerge") !== "false";
  if (follows) follow(repo, ref, upstream);
  return { ref, oid, upstream: follows ? upstream : undefined };
}

/** Has a branch follow a remote-tracking one, where a remote's refspecs tell of which of its branches that is. */
function follow(repo: Repository, ref: ByteString, upstream: ByteString): void {
  const [, remote, branch] = /^refs\/remotes\/([^/]+)\/(.+)$/.exec(upstream) ?? [];
  if (remote === undefined || branch === undefined || branch === "HEAD") return;
  if (!repo.config.subsections("remote").includes(remote)) return;
  editConfig(repo, (text) => {
    const section = { name: "branch", subsection: ref.slice("refs/heads/".length) };
    text.set(section, "remote", remote);
    text.set(section, "merge", `refs/heads/${branch}`);
  });
}
