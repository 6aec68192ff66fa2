import { reads } from "@mcp-reference/runtime";
import { cursor } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { repoPath, revision } from "../fields.js";
import { listBranches } from "../reading/branches/list-branches.js";

export const gitBranch = tool({
  name: "git_branch",
  description:
    "List branches with their commit and how far they are from their upstream. To make one: git_create_branch.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    repo_path: repoPath,
    branch_type: z.enum(["local", "remote", "all"]).default("local").describe("Which branches"),
    contains: revision.optional().describe("Only branches with this commit"),
    not_contains: revision.optional().describe("Only branches without this commit"),
    merged: revision.optional().describe("Only branches that are merged into this one"),
    limit: z.number().int().min(1).max(1000).default(100).describe("Branches a page"),
    cursor: cursor.optional(),
  }),
  output: z.object({
    current: z.string().optional().describe("The branch checked out; absent where HEAD is detached"),
    branches: z
      .array(
        z.object({
          branch: z.string().describe("Name"),
          commit: z.string().describe("Its last one"),
          date: z.string().describe("Of the commit"),
          subject: z.string().describe("First paragraph of its message"),
          upstream: z.string().optional().describe("The branch it follows"),
          ahead: z.number().int().optional().describe("Commits that the upstream has not"),
          behind: z.number().int().optional().describe("Commits that only the upstream has"),
        }),
      )
      .describe("By name"),
    nextCursor: z.string().optional().describe("Where the next page begins"),
  }),
  async handle(
    { repo_path, branch_type, contains, not_contains, merged, limit, cursor },
    { repositories, cursors, signal },
  ) {
    const repo = repositories.open(repo_path);
    const from = cursor === undefined ? 0 : cursors.open(cursor, z.number().int().nonnegative());
    const filter = { type: branch_type, contains, notContains: not_contains, merged };
    const { current, branches, more } = await listBranches(repo, { ...filter, from, limit, signal });
    return { ...(current && { current }), branches, ...(more && { nextCursor: cursors.seal(from + limit) }) };
  },
});
