import { writes } from "@mcp-reference/runtime";
import { filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { initRepository } from "../changes/init/init-repository.js";
import { tool } from "../define.js";

export const gitInit = tool({
  name: "git_init",
  description: "Make an empty repository; one that is there already stays as it is.",
  effect: writes({ idempotent: true }),
  set: "write",
  input: z.strictObject({
    repo_path: filePath.describe("Directory; made where its parent is there"),
    default_branch: z.string().default("main").describe("First branch"),
    bare: z.boolean().default(false).describe("Without a worktree"),
  }),
  output: z.object({
    path: z.string().describe("Absolute path"),
    created: z.boolean().describe("False: it was there already"),
  }),
  handle({ repo_path, default_branch, bare }, { repositories }) {
    const directory = repositories.placeFor(repo_path);
    return { path: directory, created: initRepository({ directory, defaultBranch: default_branch, bare }) };
  },
});
