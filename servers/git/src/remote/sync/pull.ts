import { ToolError } from "@mcp-reference/validation";
import { switchTree } from "../../changes/switch-tree.js";
import { withIndexLock } from "../../changes/with-index-lock.js";
import { merge } from "../../merging/merge/merge.js";
import { rebase } from "../../merging/rebase/rebase.js";
import { refuseWhileUnderWay } from "../../merging/state/operation.js";
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
  /** What happens where both branches have commits of their own. Default: `refuse`. */
  readonly whenParted?: "refuse" | "merge" | "rebase" | undefined;
}

export interface Pulled {
  readonly result: "up to date" | "fast-forward" | "merged" | "rebased" | "conflicts";
  readonly fetched: Fetched;
  /** Full name of the branch here. */
  readonly ref: ByteString;
  readonly from: ObjectId | undefined;
  readonly to: ObjectId;
  /** Paths that are left to be resolved. */
  readonly conflicts: readonly ByteString[];
}

/**
 * Fetches a branch and brings the current one, index and worktree up to it. Where both have commits of their own nothing but
 * the tracking refs changes, unless a merge or rebase is asked for.
 * @throws ToolError CONFLICT when the branches have parted, local changes are in the way or something else is under way; else
 * as `fetchRemote`
 */
export async function pullFromRemote(repo: Repository, access: RemoteAccess, request: PullRequest): Promise<Pulled> {
  const { signal, whenParted = "refuse" } = request;
  refuseWhileUnderWay(repo);
  const head = repo.refs.head();
  if (head.kind === "detached") {
    throw new ToolError("INVALID_ARGUMENT", "no branch is checked out", { hint: "Check one out, or use git_fetch" });
  }
  const only = request.branch === undefined ? upstream(repo, head.ref, request.remote) : remoteBranch(request.branch);
  const fetched = await fetchRemote(repo, access, { ...request, only });
  const theirs = resolveRevision(repo, fetched.tip ?? "");
  const ours = head.oid;
  const begun = { fetched, ref: head.ref, from: ours, conflicts: [] };

  if (ours === undefined || isAncestor(repo, ours, theirs) || isAncestor(repo, theirs, ours)) {
    const to = await goForward(repo, head.ref, theirs, request);
    return { ...begun, result: to === ours ? "up to date" : "fast-forward", to };
  }
  if (whenParted === "refuse") throw parted(textOf(only));
  if (whenParted === "rebase") {
    const { result, tip, stopped } = await rebase(repo, { upstream: theirs, signal });
    return { ...begun, result, to: tip, conflicts: stopped?.merge.conflicts.map(({ path }) => path) ?? [] };
  }
  const message = `Merge branch '${only.replace(/^refs\/heads\//, "")}' of ${bytesOf(fetched.url.replace(/\.git$/, ""))}\n`;
  const merged = await merge(repo, { revision: theirs, message, signal });
  const result = merged.result === "conflicts" ? "conflicts" : "merged";
  return { ...begun, result, to: merged.head, conflicts: merged.conflicts.map(({ path }) => path) };
}

/** @returns what the branch is afterwards */
async function goForward(
  repo: Repository,
  ref: ByteString,
  to: ObjectId,
  { signal, who }: PullRequest,
): Promise<ObjectId> {
  return await withIndexLock(repo, signal, async (lock) => {
    // Looked at again: others may have committed meanwhile.
    const from = repo.refs.resolve(ref);
    if (from !== undefined && (from === to || isAncestor(repo, to, from))) return from;
    if (from !== undefined && !isAncestor(repo, from, to)) throw parted("the remote's branch");
    const tree = from === undefined ? undefined : repo.objects.commit(from).tree;
    const record = () =>
      repo.refs.update([{ ref: "HEAD", to, expected: from ?? null }], { who, message: "pull: Fast-forward" });
    await switchTree(repo, lock, tree, repo.objects.commit(to).tree, { operation: "pull", record, signal });
    return to;
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
      hint: "Pull with rebase or merge, or use git_merge or git_rebase",
    },
  );
