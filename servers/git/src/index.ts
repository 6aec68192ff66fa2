import { defineServer } from "@mcp-reference/runtime";
import manifest from "../package.json" with { type: "json" };
import { config } from "./config.js";
import { changelog } from "./prompts/changelog.js";
import { codeReview } from "./prompts/code-review.js";
import { commitMessage } from "./prompts/commit-message.js";
import { resolveConflicts } from "./prompts/resolve-conflicts.js";
import { blob } from "./resources/blob.js";
import { commit } from "./resources/commit.js";
import { diff } from "./resources/diff.js";
import { log } from "./resources/log.js";
import { status } from "./resources/status.js";
import { tree } from "./resources/tree.js";
import { openServices } from "./services.js";
import { gitAdd } from "./tools/git-add.js";
import { gitBlame } from "./tools/git-blame.js";
import { gitBranch } from "./tools/git-branch.js";
import { gitCheckout } from "./tools/git-checkout.js";
import { gitCherryPick } from "./tools/git-cherry-pick.js";
import { gitClone } from "./tools/git-clone.js";
import { gitCommit } from "./tools/git-commit.js";
import { gitCreateBranch } from "./tools/git-create-branch.js";
import { gitDeleteBranch } from "./tools/git-delete-branch.js";
import { gitDiff } from "./tools/git-diff.js";
import { gitDiffStaged } from "./tools/git-diff-staged.js";
import { gitDiffUnstaged } from "./tools/git-diff-unstaged.js";
import { gitDraftCommitMessage } from "./tools/git-draft-commit-message.js";
import { gitFetch } from "./tools/git-fetch.js";
import { gitInit } from "./tools/git-init.js";
import { gitListConflicts } from "./tools/git-list-conflicts.js";
import { gitListFiles } from "./tools/git-list-files.js";
import { gitListTags } from "./tools/git-list-tags.js";
import { gitLog } from "./tools/git-log.js";
import { gitMerge } from "./tools/git-merge.js";
import { gitMergeBase } from "./tools/git-merge-base.js";
import { gitPull } from "./tools/git-pull.js";
import { gitPush } from "./tools/git-push.js";
import { gitReadFile } from "./tools/git-read-file.js";
import { gitRebase } from "./tools/git-rebase.js";
import { gitRemote } from "./tools/git-remote.js";
import { gitRenameBranch } from "./tools/git-rename-branch.js";
import { gitReset } from "./tools/git-reset.js";
import { gitRestore } from "./tools/git-restore.js";
import { gitRevert } from "./tools/git-revert.js";
import { gitSearch } from "./tools/git-search.js";
import { gitShow } from "./tools/git-show.js";
import { gitStash } from "./tools/git-stash.js";
import { gitStatus } from "./tools/git-status.js";
import { gitTag } from "./tools/git-tag.js";

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
  needs: { fs: "roots", network: true, childProcesses: [], workers: true },
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
    gitSearch,
    gitBranch,
    gitListTags,
    gitMergeBase,
    gitListConflicts,
    gitInit,
    gitAdd,
    gitReset,
    gitRestore,
    gitCommit,
    gitDraftCommitMessage,
    gitCreateBranch,
    gitDeleteBranch,
    gitRenameBranch,
    gitCheckout,
    gitTag,
    gitStash,
    gitMerge,
    gitCherryPick,
    gitRevert,
    gitRebase,
    gitClone,
    gitFetch,
    gitPull,
    gitPush,
    gitRemote,
  ],
  resources: [status, log, commit, diff, blob, tree],
  prompts: [codeReview, commitMessage, changelog, resolveConflicts],
});
