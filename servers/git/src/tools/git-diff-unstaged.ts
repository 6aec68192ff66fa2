import { reads } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";
import { diffFields, repoPath } from "../fields.js";
import { diffResult, diffStart } from "../reading/differences/diff-result.js";
import { repositoryPaths } from "../reading/repository-path.js";
import { unstagedChanges } from "../repository/worktree/changed-files.js";

export const gitDiffUnstaged = tool({
  name: "git_diff_unstaged",
  description: "Show what changed in tracked files and is not staged.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    repo_path: repoPath,
    ...diffFields,
  }),
  async handle({ repo_path, paths, format, context_lines, cursor }, context) {
    const repo = context.repositories.open(repo_path);
    const changes = await unstagedChanges(repo, { paths: repositoryPaths(paths), signal: context.signal });
    return diffResult(repo, changes, { format, context: context_lines, start: diffStart(cursor, context) }, context);
  },
});
