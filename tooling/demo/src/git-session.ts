import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@mcp-reference/client";
import { calls, printTools } from "./calls.js";
import { printDiff, printHeading } from "./print.js";

/** A session with the git server, which makes a repository and works on it; no git is needed. @param cli the built server */
export async function gitSession(cli: string): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "mcp-demo-")));
  printHeading("A session with the git server, in a repository that it makes");
  const start = performance.now();
  const args = ["--repository", folder, "--author", "Demo <demo@example.com>"];
  const client = await connect({ command: process.execPath, args: [cli, ...args] });
  try {
    await printTools(client, start, `mcp-server-git ${args.join(" ")}`);
    await session(calls(client), join(folder, "garden"));
  } finally {
    await client.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function session({ step, refused }: ReturnType<typeof calls>, repo_path: string): Promise<void> {
  const plan = join(repo_path, "plan.md");
  await step("Make a repository", "git_init", { repo_path });
  await writeFile(plan, "Sow tomatoes in March\nWater them every evening\n");
  await step("Stage a file", "git_add", { repo_path, files: ["plan.md"] });
  await step("Commit it", "git_commit", { repo_path, message: "Plan the garden" });
  await writeFile(plan, "Sow tomatoes in March\nWater them every morning\n");
  await step("See what changed since", "git_diff_unstaged", { repo_path }, printDiff);
  await step("Look at the history", "git_log", { repo_path });
  await step("Ask who wrote each line", "git_blame", { repo_path, path: "plan.md" });
  await refused("Try a revision that hides a path", "NOT_FOUND", "git_show", {
    repo_path,
    revision: "../../../etc/passwd",
  });
}
