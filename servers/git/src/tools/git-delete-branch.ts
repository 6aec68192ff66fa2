import { confirm, deletes } from "@mcp-reference/runtime";
import * as z from "zod";
import { shortName } from "../changes/branches/branch-name.js";
import { deleteBranch, describeBranch } from "../changes/branches/delete-branch.js";
import { tool } from "../define.js";
import { repoPath } from "../fields.js";
import { textOf } from "../repository/bytes/byte-string.js";

export const gitDeleteBranch = tool({
  name: "git_delete_branch",
  description: "Delete a local branch; the user is asked first.",
  effect: deletes(),
  set: "write",
  input: z.strictObject({
    repo_path: repoPath,
    branch_name: z.string().describe("Its name"),
    force: z.boolean().default(false).describe("Also one that is not merged"),
  }),
  output: z.object({
    deleted: z.string().describe("Its name"),
    commit: z.string().describe("Where it was"),
    undo: z.string().describe("How to make it again"),
  }),
  ask({ repo_path, branch_name }, { repositories }) {
    const { ref, oid, merged } = describeBranch(repositories.open(repo_path), branch_name);
    const loss = merged ? "it is merged" : "it has commits that are not merged";
    return confirm(`Delete branch ${shortName(ref)} at ${oid}; ${loss}?`, { grave: !merged, facts: { oid } });
  },
  handle({ repo_path, branch_name, force }, { repositories }, { oid: expected }) {
    const { ref, oid, undoRef } = deleteBranch(repositories.open(repo_path), branch_name, { force, expected });
    const name = shortName(ref);
    return {
      deleted: name,
      commit: oid,
      undo: `git_create_branch branch_name ${name} base_branch ${textOf(undoRef)}`,
    };
  },
});
