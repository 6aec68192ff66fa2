import { reads } from "@mcp-reference/runtime";
import { textUpTo } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { diffFields, repoPath } from "../fields.js";
import { changesOfTarget, treesOfTarget } from "../reading/differences/changes-of-target.js";
import { diffResult, diffStart } from "../reading/differences/diff-result.js";
import { repositoryPaths } from "../reading/repository-path.js";

export const gitDiff = tool({
  name: "git_diff",
  description: "Show what changed between two revisions, or between a revision and the worktree.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    repo_path: repoPath,
    target: textUpTo(1000).describe("A..B, A...B (since they parted), or A for A against the worktree"),
    ...diffFields,
  }),
  async handle({ repo_path, target, paths, format, context_lines, cursor }, context) {
    const repo = context.repositories.open(repo_path);
    const filter = { paths: repositoryPaths(paths), signal: context.signal };
    const start = diffStart(cursor, context, () => treesOfTarget(repo, target));
    const changes = await changesOfTarget(repo, start.of, filter);
    return diffResult(repo, changes, { format, context: context_lines, start }, context);
  },
});
