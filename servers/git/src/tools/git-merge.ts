import { writes } from "@mcp-reference/runtime";
import { ToolError, textUpTo } from "@mcp-reference/validation";
import * as z from "zod";
import { hooksNote } from "../changes/hooks.js";
import { tool } from "../define.js";
import { repoPath, revision } from "../fields.js";
import { mergeOutput, mergeResult, undoOfAbort } from "../merge-results/merge-result.js";
import { abortMerge, continueMerge } from "../merging/merge/end-merge.js";
import { merge } from "../merging/merge/merge.js";
import { bytesOf } from "../repository/bytes/byte-string.js";

export const gitMerge = tool({
  name: "git_merge",
  description: "Merge a branch into the current one. Conflicts are left to resolve.",
  effect: writes(),
  set: "write",
  input: z.strictObject({
    repo_path: repoPath,
    branch: revision.optional(),
    ff: z.enum(["allow", "never", "only"]).optional().describe("Fast-forward"),
    squash: z.boolean().default(false).describe("Stage the changes only"),
    no_commit: z.boolean().default(false).describe("Stop before the commit"),
    message: textUpTo(100_000).optional().describe("Of the merge commit"),
    allow_unrelated: z.boolean().default(false).describe("No common ancestor needed"),
    action: z.enum(["start", "continue", "abort"]).default("start").describe("Others: after conflicts"),
  }),
  output: mergeOutput,
  async handle(
    { repo_path, branch, ff, squash, no_commit, message, allow_unrelated, action },
    { repositories, signal },
  ) {
    const repo = repositories.open(repo_path);
    const text = message === undefined ? undefined : bytesOf(message);
    if (action === "abort") {
      const undo = undoOfAbort(await abortMerge(repo, signal));
      return mergeResult(repo, "git_merge", { result: "aborted", undo });
    }
    if (action === "continue") {
      const { note } = await continueMerge(repo, text, signal);
      return mergeResult(repo, "git_merge", { result: "merged", note });
    }
    if (branch === undefined)
      throw new ToolError("INVALID_ARGUMENT", "branch is missing", { hint: "Name what to merge" });
    const outcome = await merge(repo, {
      revision: branch,
      fastForward: ff,
      squash,
      noCommit: no_commit,
      message: text,
      allowUnrelated: allow_unrelated,
      signal,
    });
    const { before } = outcome;
    const isMoved = before !== undefined && outcome.head !== before;
    return mergeResult(repo, "git_merge", {
      result: outcome.result,
      conflicts: outcome.conflicts,
      messages: outcome.messages,
      undo: isMoved ? `git_reset mode hard revision ${before}` : undefined,
      note: hooksNote(repo, "merge"),
    });
  },
});
