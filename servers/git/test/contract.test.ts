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
  },
});
