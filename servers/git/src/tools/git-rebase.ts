import { writes } from "@mcp-reference/runtime";
import { ToolError } from "@mcp-reference/validation";
import * as z from "zod";
import { hooksNote } from "../changes/hooks.js";
import { tool } from "../define.js";
import { repoPath, revision } from "../fields.js";
import { mergeOutput, mergeResult, undoOfAbort } from "../merge-results/merge-result.js";
import { abortRebase, continueRebase, skipInRebase } from "../merging/rebase/go-on-rebasing.js";
import { rebase } from "../merging/rebase/rebase.js";
import { textOf } from "../repository/bytes/byte-string.js";

export const gitRebase = tool({
  name: "git_rebase",
  description:
    "Put the commits of the current branch on top of another branch, without merges. Conflicts are left to resolve.",
  effect: writes({ destructive: true }),
  set: "write",
  input: z.strictObject({
    repo_path: repoPath,
    upstream: revision.optional().describe("Branch to go on top of"),
    onto: revision.optional().describe("Another place to go"),
    action: z.enum(["start", "continue", "skip", "abort"]).default("start").describe("Others: after conflicts"),
  }),
  output: mergeOutput,
  async handle({ repo_path, upstream, onto, action }, { repositories, signal }) {
    const repo = repositories.open(repo_path);
    if (action === "abort") {
      const undo = undoOfAbort(await abortRebase(repo, signal));
      return mergeResult(repo, "git_rebase", { result: "aborted", undo });
    }
    if (action === "start" && upstream === undefined) {
      throw new ToolError("INVALID_ARGUMENT", "upstream is missing", { hint: "Name the branch to rebase onto" });
    }
    const outcome = await (action === "start"
      ? rebase(repo, { upstream: upstream ?? "", onto, signal })
      : action === "continue"
        ? continueRebase(repo, signal)
        : skipInRebase(repo, signal));
    return mergeResult(repo, "git_rebase", {
      result: outcome.result,
      commits: outcome.made.map(({ oid, subject }) => `${oid} ${subject}`),
      dropped: [...outcome.applied, ...outcome.dropped].map(({ oid }) => oid),
      conflicts: outcome.stopped?.merge.conflicts ?? [],
      messages: outcome.stopped?.merge.messages ?? [],
      undo: outcome.undoRef && !outcome.stopped ? `git_reset mode hard revision ${textOf(outcome.undoRef)}` : undefined,
      note: hooksNote(repo, "rebase"),
    });
  },
});
