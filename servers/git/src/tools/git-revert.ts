import { writes } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";
import { mergeOutput } from "../merge-results/merge-result.js";
import { pick, pickInput } from "../merge-results/pick-tool.js";

export const gitRevert = tool({
  name: "git_revert",
  description: "Take back the changes of commits with new commits. Conflicts are left to resolve.",
  effect: writes(),
  set: "write",
  input: z.strictObject(pickInput),
  output: mergeOutput,
  handle: ({ repo_path, commits, mainline, no_commit, action }, { repositories, signal }) =>
    pick(repositories.open(repo_path), {
      action: "revert",
      step: action,
      commits,
      mainline,
      noCommit: no_commit,
      signal,
    }),
});
