import { reads } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";
import { repoPath, revision } from "../fields.js";
import { aheadBehind, mergeBases } from "../repository/history/merge-base.js";
import { resolveRevision } from "../repository/revision/resolve.js";

export const gitMergeBase = tool({
  name: "git_merge_base",
  description: "Find where two revisions parted, and how many commits each has that the other has not.",
  effect: reads(),
  set: "read",
  input: z.strictObject({ repo_path: repoPath, left: revision.default("HEAD"), right: revision }),
  output: z.object({
    merge_bases: z.array(z.string()).describe("Best common ancestors; none for unrelated histories"),
    ahead: z.number().int().describe("Commits of left alone"),
    behind: z.number().int().describe("Commits of right alone"),
  }),
  async handle({ repo_path, left, right }, { repositories }) {
    const repo = repositories.open(repo_path);
    const [ours, theirs] = [resolveRevision(repo, left), resolveRevision(repo, right)];
    return { merge_bases: mergeBases(repo, ours, theirs), ...aheadBehind(repo, ours, theirs) };
  },
});
