import { writes } from "@mcp-reference/runtime";
import * as z from "zod";
import { shortName } from "../changes/branches/branch-name.js";
import { renameBranch } from "../changes/branches/rename-branch.js";
import { tool } from "../define.js";
import { repoPath } from "../fields.js";

export const gitRenameBranch = tool({
  name: "git_rename_branch",
  description: "Rename a local branch, with its reflog and settings.",
  effect: writes(),
  set: "write",
  input: z.strictObject({
    repo_path: repoPath,
    branch_name: z.string().optional().describe("Default: the current branch"),
    new_name: z.string().describe("New name"),
  }),
  output: z.object({
    from: z.string().describe("Old name"),
    to: z.string().describe("New name"),
    commit: z.string().optional().describe("Where it is; absent before the first commit"),
    undo: z.string().describe("How to get the old name back"),
  }),
  handle({ repo_path, branch_name, new_name }, { repositories }) {
    const renamed = renameBranch(repositories.open(repo_path), branch_name, new_name);
    const [from, to] = [shortName(renamed.from), shortName(renamed.to)];
    const undo = `git_rename_branch branch_name ${to} new_name ${from}`;
    return { from, to, ...(renamed.oid && { commit: renamed.oid }), undo };
  },
});
