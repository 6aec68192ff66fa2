import { writes } from "@mcp-reference/runtime";
import * as z from "zod";
import { shortName } from "../changes/branches/branch-name.js";
import { createBranch } from "../changes/branches/create-branch.js";
import { tool } from "../define.js";
import { repoPath, revision } from "../fields.js";

export const gitCreateBranch = tool({
  name: "git_create_branch",
  description: "Make a branch; git_checkout switches to it. One made of origin/x follows that.",
  effect: writes(),
  set: "write",
  input: z.strictObject({
    repo_path: repoPath,
    branch_name: z.string().describe("Its name"),
    base_branch: revision.optional().describe("Where it starts; default HEAD"),
  }),
  output: z.object({
    branch: z.string().describe("Its name"),
    commit: z.string().describe("Where it is"),
    upstream: z.string().optional().describe("Branch that it follows"),
    undo: z.string().describe("How to get rid of it"),
  }),
  handle({ repo_path, branch_name, base_branch }, { repositories }) {
    const { ref, oid, upstream } = createBranch(repositories.open(repo_path), branch_name, base_branch);
    const branch = shortName(ref);
    const undo = `git_delete_branch branch_name ${branch}`;
    return { branch, commit: oid, ...(upstream && { upstream: shortName(upstream) }), undo };
  },
});
