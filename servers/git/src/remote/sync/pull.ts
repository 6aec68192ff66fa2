import { ToolError } from "@mcp-reference/validation";
import { switchTree } from "../../changes/switch-tree.js";
import { withIndexLock } from "../../changes/with-index-lock.js";
import { type ByteString, bytesOf, textOf } from "../../repository/bytes/byte-string.js";
import { isAncestor } from "../../repository/history/merge-base.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { resolveRevision } from "../../repository/revision/resolve.js";
import type { RemoteAccess } from "../access/remote-access.js";
import { upstreamOf } from "../settings/remote-settings.js";
import { type Fetched, type FetchRequest, fetchRemote } from "./fetch.js";
import { remoteBranch } from "./push-target.js";

export interface PullRequest extends Omit<FetchRequest, "only"> {
  /** Branch of the remote. Default: the one that the current branch follows. */
  readonly branch?: string | undefined;
}

export interface Pulled {
  readonly fetched: Fetched;
  /** Full name of the branch here. */
  readonly ref: ByteString;
  readonly from: ObjectId | undefined;
  readonly to: ObjectId;
  /** Files written or removed in the worktree. */
  readonly files: number;
}

/**
 * Fetches a branch and moves the current one forward to it, worktree and index too. Where both have commits of their own
 * nothing but the tracking refs changes.
 * @throws ToolError CONFLICT when the branches have parted or local changes are in the way; else as `fetchRemote`
 */
export async function pullFromRemote(repo: Repository, access: RemoteAccess, request: PullRequest): Promise<Pulled> {
  const { signal, who } = request;
  const head = repo.refs.head();
  if (head.kind === "detached") {
    throw new ToolError("INVALID_ARGUMENT", "no branch is checked out", { hint: "Check one out, or use git_fetch" });
  }
  const only = request.branch === undefined ? upstream(repo, head.ref, request.remote) : remoteBranch(request.branch);
  const fetched = await fetchRemote(repo, access, { ...request, only });
  const to = resolveRevision(repo, fetched.tip ?? "");
  return await withIndexLock(repo, signal, async (lock) => {
    // Looked at again: others may have committed meanwhile.
    const from = repo.refs.resolve(head.ref);
    const unchanged = { fetched, ref: head.ref, from, to: from ?? to, files: 0 };
    if (from !== undefined && (from === to || isAncestor(repo, to, from))) return unchanged;
    if (from !== undefined && !isAncestor(repo, from, to)) throw parted(textOf(only));
    const tree = from === undefined ? undefined : repo.objects.commit(from).tree;
    const { written, removed } = await switchTree(repo, lock, tree, repo.objects.commit(to).tree, {
      operation: "pull",
      signal,
    });
    repo.refs.update([{ ref: "HEAD", to, expected: from ?? null }], { who, message: "pull: Fast-forward" });
    return { fetched, ref: head.ref, from, to, files: written + removed };
  });
}

function upstream(repo: Repository, branch: ByteString, remote: string): ByteString {
  const found = upstreamOf(repo, branch, bytesOf(remote));
  if (found !== undefined) return found;
  throw new ToolError("INVALID_ARGUMENT", `the current branch follows no branch of ${remote}`, {
    hint: "Name the remote's branch as branch",
  });
}

const parted = (branch: string) =>
  new ToolError(
    "CONFLICT",
    `${branch} has been fetched, but both it and the current branch have commits of their own`,
    {
      hint: "Bring them together with git_merge or git_rebase",
    },
  );
