import { testServer } from "@mcp-reference/testing";
import definition from "../src/index.js";
import { sampleRepository } from "./support/sample-repository.js";

const inSample =
  (args: Record<string, unknown> = {}) =>
  async (dir: string) => {
    const { path } = await sampleRepository(dir);
    return { repo_path: path, ...args };
  };

testServer(definition, {
  bin: new URL("../dist/cli.js", import.meta.url),
  toolsDir: new URL("../src/tools/", import.meta.url),
  args: (dir) => ["--repository", dir, "--author", "A U Thor <author@example.com>"],
  listBudgetBytes: 24 * 1024,
  examples: {
    git_status: inSample({ ignored: true }),
    git_log: inSample({ details: true }),
    git_merge_base: inSample({ left: "main", right: "topic" }),
    git_branch: inSample({ branch_type: "all" }),
    git_list_tags: inSample(),
    git_list_conflicts: inSample(),
    git_init: { repo_path: "new", default_branch: "trunk" },
    git_add: inSample({ files: ["."] }),
    git_reset: inSample({ paths: ["staged.txt"] }),
    git_restore: inSample({ paths: ["src/main.ts"] }),
    git_commit: inSample({ message: "Add a file" }),
    git_create_branch: inSample({ branch_name: "side", base_branch: "topic" }),
    git_delete_branch: inSample({ branch_name: "topic" }),
    git_rename_branch: inSample({ branch_name: "topic", new_name: "subject" }),
    git_checkout: inSample({ branch_name: "topic", force: true }),
    git_tag: inSample({ tag_name: "v1", message: "First" }),
    git_merge: inSample({ branch: "topic" }),
    git_cherry_pick: async (dir) => {
      const { path, second } = await sampleRepository(dir, { clean: true, branch: "topic" });
      return { repo_path: path, commits: [second] };
    },
    git_revert: async (dir) => {
      const { path, second } = await sampleRepository(dir, { clean: true });
      return { repo_path: path, commits: [second] };
    },
    git_rebase: async (dir) => {
      const { path } = await sampleRepository(dir, { clean: true });
      return { repo_path: path, upstream: "topic" };
    },
    git_remote: inSample({ action: "add", name: "origin", url: "https://example.com/a.git" }),
  },
  calledElsewhere: ["git_clone", "git_fetch", "git_pull", "git_push"],
});
