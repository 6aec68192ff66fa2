import { textOf } from "../../repository/bytes/byte-string.js";
import { aheadBehind } from "../../repository/history/merge-base.js";
import type { Ref } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";
import { abbreviate } from "../../repository/revision/abbreviate.js";
import { trackedRef } from "../../repository/revision/upstream.js";
import { subjectOf } from "../commits/commit-message.js";
import { signatureDate } from "../commits/signature.js";
import { type ReachabilityFilter, reachable } from "./reachable.js";

export interface ListBranchesRequest extends ReachabilityFilter {
  readonly type: "local" | "remote" | "all";
  readonly from: number;
  readonly limit: number;
}

const PREFIXES = { local: ["refs/heads/"], remote: ["refs/remotes/"], all: ["refs/heads/", "refs/remotes/"] };

/** One page of branches, by name, and the one checked out. */
export async function listBranches(repo: Repository, request: ListBranchesRequest) {
  const { type, from, limit } = request;
  const refs = PREFIXES[type].flatMap((prefix) => repo.refs.list(prefix)).filter(({ target }) => target === undefined);
  const found = await reachable(repo, refs, request);
  const head = repo.refs.head();
  return {
    current: head.kind === "branch" ? shortName(head.ref) : undefined,
    branches: found.slice(from, from + limit).map((ref) => describeBranch(repo, ref)),
    more: found.length > from + limit,
  };
}

function describeBranch(repo: Repository, { name, oid }: Ref) {
  const commit = repo.objects.commit(oid);
  const upstream = name.startsWith("refs/heads/") ? trackedRef(repo.config, name) : undefined;
  const upstreamId = upstream && repo.refs.resolve(upstream);
  return {
    branch: shortName(name),
    commit: abbreviate(repo, oid),
    date: signatureDate(commit.committer),
    subject: subjectOf(commit).slice(0, 500),
    ...(upstream && { upstream: shortName(upstream) }),
    ...(upstreamId && aheadBehind(repo, oid, upstreamId)),
  };
}

const shortName = (ref: string): string => textOf(ref.replace(/^refs\/(heads|remotes)\//, ""));
