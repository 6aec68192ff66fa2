import { ToolError, textUpTo } from "@mcp-reference/validation";
import * as z from "zod";
import { hooksNote } from "../changes/hooks.js";
import { repoPath } from "../fields.js";
import { headCommit } from "../merging/head-commit.js";
import { abortPicks, continuePicks, skipPick } from "../merging/picks/go-on-picking.js";
import { type PickOutcome, pickCommits } from "../merging/picks/pick-commits.js";
import type { PickOptions } from "../merging/picks/run-picks.js";
import type { Repository } from "../repository/repository.js";
import { resolveRevision } from "../repository/revision/resolve.js";
import { type MergeOutput, mergeResult, undoOfAbort } from "./merge-result.js";

/** What cherry-pick and revert take. */
export const pickInput = {
  repo_path: repoPath,
  commits: z.array(textUpTo(1000)).max(500).default([]).describe("In the order to apply"),
  mainline: z.number().int().min(1).max(99).optional().describe("Of a merge: parent to compare with"),
  no_commit: z.boolean().default(false).describe("Only stage the changes"),
  action: z.enum(["start", "continue", "skip", "abort"]).default("start").describe("Others: after conflicts"),
};

export interface PickRequest extends Omit<PickOptions, "commit"> {
  readonly step: "start" | "continue" | "skip" | "abort";
  readonly commits: readonly string[];
  readonly noCommit: boolean;
}

/** Starts, goes on with or ends a cherry-pick or revert. */
export async function pick(repo: Repository, request: PickRequest): Promise<MergeOutput> {
  const { step, signal } = request;
  const [operation, tool] =
    request.action === "pick" ? (["cherry-pick", "git_cherry_pick"] as const) : (["revert", "git_revert"] as const);
  if (step === "abort") {
    const undoRef = await abortPicks(repo, operation, signal);
    return mergeResult(repo, tool, { result: "aborted", undo: undoOfAbort(undoRef) });
  }
  const before = headCommit(repo).commit.oid;
  const goOn = step === "continue" ? continuePicks : skipPick;
  const outcome = await (step === "start" ? start(repo, request) : goOn(repo, operation, signal));
  const isMoved = repo.refs.head().oid !== before;
  return mergeResult(repo, tool, {
    result: outcome.stopped
      ? "conflicts"
      : request.noCommit && step === "start"
        ? "staged"
        : isMoved
          ? "committed"
          : "nothing to commit",
    commits: outcome.made.map(({ oid, subject }) => `${oid} ${subject}`),
    dropped: outcome.dropped.map(({ oid }) => oid),
    conflicts: outcome.stopped?.merge.conflicts ?? [],
    messages: outcome.stopped?.merge.messages ?? [],
    undo: isMoved && !outcome.stopped ? `git_reset mode hard revision ${before}` : undefined,
    note: hooksNote(repo, "commit"),
  });
}

function start(repo: Repository, { commits, noCommit, step: _, ...options }: PickRequest): Promise<PickOutcome> {
  if (commits.length === 0)
    throw new ToolError("INVALID_ARGUMENT", "commits names none", { hint: "Name at least one commit" });
  const found = commits.map((name) => repo.objects.commit(resolveRevision(repo, name)));
  return pickCommits(repo, found, { ...options, commit: !noCommit });
}
