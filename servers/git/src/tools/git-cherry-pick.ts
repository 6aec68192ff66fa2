import { writes } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";
import { mergeOutput } from "../merge-results/merge-result.js";
import { pick, pickInput } from "../merge-results/pick-tool.js";

export const gitCherryPick = tool({
  name: "git_cherry_pick",
  description: "Apply the changes of commits to the current branch. Conflicts are left to resolve.",
  effect: writes(),
  set: "write",
  input: z.strictObject({
    ...pickInput,
    record_origin: z.boolean().default(false).describe("Note the origin in the message (-x)"),
  }),
  output: mergeOutput,
  handle: ({ repo_path, commits, mainline, no_commit, action, record_origin }, { repositories, signal }) =>
    pick(repositories.open(repo_path), {
      action: "pick",
      step: action,
      commits,
      mainline,
      noCommit: no_commit,
      recordOrigin: record_origin,
      signal,
    }),
});
