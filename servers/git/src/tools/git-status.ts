import { reads } from "@mcp-reference/runtime";
import { cursor } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { paths, repoPath } from "../fields.js";
import { repositoryPaths } from "../reading/repository-path.js";
import { describeStatus, describeStatusPaths, fittingRows } from "../reading/status/describe-status.js";
import { textOf } from "../repository/bytes/byte-string.js";
import { readStatus } from "../repository/worktree/status.js";

export const gitStatus = tool({
  name: "git_status",
  description: "Show the branch, what is staged, changed, in conflict or untracked, and what was begun and not ended.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    repo_path: repoPath,
    paths: paths.optional(),
    untracked: z.enum(["no", "normal", "all"]).default("normal").describe("normal: whole directories as one"),
    ignored: z.boolean().default(false).describe("List ignored files too"),
    limit: z.number().int().min(1).max(10_000).default(500).describe("Paths a page"),
    cursor: cursor.optional(),
  }),
  output: z.object({
    branch: z.string().optional().describe("Absent where HEAD is detached"),
    head: z.string().optional().describe("Commit; absent before the first"),
    upstream: z.string().optional().describe("The branch it follows"),
    ahead: z.number().int().optional().describe("Commits that the upstream has not"),
    behind: z.number().int().optional().describe("Commits that only the upstream has"),
    stashes: z.number().int().optional().describe("Entries of the stash"),
    in_progress: z.string().optional().describe("merge, rebase, cherry-pick, revert, am or bisect"),
    paths: z
      .array(
        z.object({
          path: z.string().describe("Relative to the repository; directories end with /"),
          staged: z.string().optional().describe("HEAD to index"),
          worktree: z.string().optional().describe("Index to worktree"),
          renamed_from: z.string().optional().describe("Its former path"),
        }),
      )
      .describe("A clean worktree has none"),
    unverified: z.array(z.string()).optional().describe("Could not be compared: a filter would have to run"),
    total: z.number().int().describe("Paths of all pages"),
    nextCursor: z.string().optional().describe("Where the next page begins"),
  }),
  async handle({ repo_path, paths, untracked, ignored, limit, cursor }, { repositories, cursors, maxOutput, signal }) {
    const repo = repositories.open(repo_path);
    const status = await readStatus(repo, { paths: repositoryPaths(paths), untracked, ignored, signal });
    const all = describeStatusPaths(status);
    const from = cursor === undefined ? 0 : cursors.open(cursor, z.number().int().nonnegative());
    const to = from + fittingRows(all.slice(from, from + limit), maxOutput);
    return {
      ...describeStatus(repo, status),
      paths: all.slice(from, to),
      ...(status.unverified.length > 0 && { unverified: status.unverified.slice(0, limit).map(textOf) }),
      total: all.length,
      ...(to < all.length && { nextCursor: cursors.seal(to) }),
    };
  },
});
