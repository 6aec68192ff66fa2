import { ToolError } from "@mcp-reference/validation";
import { walk } from "../../repository/history/walk.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Commit } from "../../repository/objects/types.js";
import { Pace } from "../../repository/pace.js";
import type { Repository } from "../../repository/repository.js";
import { changedPathsKey, patchId } from "./patch-text.js";

/** A rebase of more is a mistake about what to rebase onto. */
const MOST_COMMITS = 5000;

export interface CommitsToRebase {
  /** Oldest first, without merges. */
  readonly commits: readonly Commit[];
  /** Left out, as the other side has the same patch. */
  readonly applied: readonly Commit[];
}

/**
 * The commits that are on `head` and not on `upstream`, as `git rebase` picks them: merges are left out, and so are patches that
 * upstream has already.
 */
export async function commitsToRebase(
  repo: Repository,
  upstream: ObjectId,
  head: ObjectId,
  signal?: AbortSignal,
): Promise<CommitsToRebase> {
  const mine = (await list(repo, head, upstream, signal)).reverse();
  const theirs = await list(repo, upstream, head, signal);
  const pace = new Pace(signal);
  const candidates = new Map<string, Commit[]>();
  for (const commit of theirs) {
    if (pace.due()) await pace.pause();
    const key = changedPathsKey(repo, commit);
    candidates.set(key, [...(candidates.get(key) ?? []), commit]);
  }
  const [commits, applied]: [Commit[], Commit[]] = [[], []];
  for (const commit of mine) {
    if (pace.due()) await pace.pause();
    (isAmong(repo, commit, candidates) ? applied : commits).push(commit);
  }
  return { commits, applied };
}

function isAmong(repo: Repository, commit: Commit, candidates: ReadonlyMap<string, readonly Commit[]>): boolean {
  if (candidates.size === 0) return false;
  const key = changedPathsKey(repo, commit);
  // A commit without changes is like every other one: it is kept.
  const alike = key === "" ? [] : (candidates.get(key) ?? []);
  return alike.length > 0 && alike.some((other) => patchId(repo, other) === patchId(repo, commit));
}

async function list(repo: Repository, include: ObjectId, exclude: ObjectId, signal?: AbortSignal): Promise<Commit[]> {
  const commits: Commit[] = [];
  for await (const commit of walk(repo, { include: [include], exclude: [exclude], order: "topo", signal })) {
    if (commit.parents.length <= 1) commits.push(commit);
    if (commits.length > MOST_COMMITS) {
      throw new ToolError("TOO_LARGE", `More than ${MOST_COMMITS} commits lie between the branches`, {
        hint: "Rebase onto something closer",
      });
    }
  }
  return commits;
}
