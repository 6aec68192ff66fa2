import { defineServer } from "@mcp-reference/runtime";
import manifest from "../package.json" with { type: "json" };
import { config } from "./config.js";
import { changelog } from "./prompts/changelog.js";
import { codeReview } from "./prompts/code-review.js";
import { commitMessage } from "./prompts/commit-message.js";
import { blob } from "./resources/blob.js";
import { commit } from "./resources/commit.js";
import { diff } from "./resources/diff.js";
import { log } from "./resources/log.js";
import { status } from "./resources/status.js";
import { tree } from "./resources/tree.js";
import { openServices } from "./services.js";
import { gitBlame } from "./tools/git-blame.js";
import { gitDiff } from "./tools/git-diff.js";
import { gitDiffStaged } from "./tools/git-diff-staged.js";
import { gitDiffUnstaged } from "./tools/git-diff-unstaged.js";
import { gitListFiles } from "./tools/git-list-files.js";
import { gitLog } from "./tools/git-log.js";
import { gitMergeBase } from "./tools/git-merge-base.js";
import { gitReadFile } from "./tools/git-read-file.js";
import { gitShow } from "./tools/git-show.js";
import { gitStatus } from "./tools/git-status.js";

export default defineServer({
  name: "git",
  version: manifest.version,
  description: manifest.description,
  instructions:
    "Git repositories. git_status first; git_diff_unstaged and git_diff_staged show changes, git_log, git_show and git_blame history. " +
    "Stage with git_add, then git_commit. Nothing is pushed unless the remote tools are offered.",
  config,
  offByDefault: ["remote"],
  open: openServices,
  forCaller: async (services, caller) => ({ ...services, repositories: await services.repositoriesOf(caller) }),
  needs: { fs: "roots", network: true, childProcesses: [], workers: false },
  tools: [
    gitStatus,
    gitDiffUnstaged,
    gitDiffStaged,
    gitDiff,
    gitLog,
    gitShow,
    gitBlame,
    gitReadFile,
    gitListFiles,
    gitMergeBase,
  ],
  resources: [status, log, commit, diff, blob, tree],
  prompts: [codeReview, commitMessage, changelog],
});
