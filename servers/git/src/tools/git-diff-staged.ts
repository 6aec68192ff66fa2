import { reads } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";
import { diffFields, repoPath } from "../fields.js";
import { diffResult, diffStart } from "../reading/differences/diff-result.js";
import { repositoryPaths } from "../reading/repository-path.js";
import { stagedChanges } from "../repository/worktree/changed-files.js";

export const gitDiffStaged = tool({
  name: "git_diff_staged",
  description: "Show what is staged for the next commit.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    repo_path: repoPath,
    ...diffFields,
  }),
  async handle({ repo_path, paths, format, context_lines, cursor }, context) {
    const repo = context.repositories.open(repo_path);
    const changes = await stagedChanges(repo, { paths: repositoryPaths(paths), signal: context.signal });
    return diffResult(repo, changes, { format, context: context_lines, start: diffStart(cursor, context) }, context);
  },
});
