import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineServer } from "@mcp-reference/runtime";
import { connect, describeGit, errorOf, git, missingLeaves, textOf } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { config } from "../src/config.js";
import { openServices } from "../src/services.js";
import { gitCherryPick } from "../src/tools/git-cherry-pick.js";
import { gitListConflicts } from "../src/tools/git-list-conflicts.js";
import { gitMerge } from "../src/tools/git-merge.js";
import { gitRebase } from "../src/tools/git-rebase.js";
import { gitRevert } from "../src/tools/git-revert.js";
import { gitStash } from "../src/tools/git-stash.js";
import { commitOf, lines, twins } from "./merging-twins.js";

const definition = defineServer({
  name: "git",
  version: "0.0.0",
  description: "The tools of this file alone",
  instructions: "",
  config,
  open: openServices,
  forCaller: async (services, caller) => ({ ...services, repositories: await services.repositoriesOf(caller) }),
  needs: { fs: "roots", network: false, childProcesses: [], workers: false },
  tools: [gitListConflicts, gitMerge, gitCherryPick, gitRevert, gitRebase, gitStash],
  resources: [],
  prompts: [],
});

const history =
  commitOf(1, "main", [], { f: lines("1", "2", "3"), g: "g\n" }) +
  commitOf(2, "main", [1], { f: lines("1", "ours", "3"), g: "g\n" }) +
  commitOf(3, "topic", [1], { f: lines("1", "theirs", "3") }, "topic one\n") +
  commitOf(4, "topic", [3], { f: lines("1", "theirs", "3"), k: "k\n" }, "topic two\n");

async function connected() {
  const { ours } = await twins(history);
  const client = await connect(definition, { argv: ["--repository", ours, "--confirm", "never"] });
  const ok = async (name: string, args: Record<string, unknown>) => {
    const result = await client.callTool(name, args);
    expect(errorOf(result), name).toBeUndefined();
    expect(missingLeaves(result.structuredContent, textOf(result))).toEqual([]);
    return result;
  };
  return { dir: ours, client, ok };
}

describeGit("the tools that merge", () => {
  it("merge with a conflict, show it, abort, and go on", async () => {
    const { dir, ok, client } = await connected();
    const conflicting = await ok("git_merge", { branch: "topic" });
    expect(conflicting.structuredContent).toMatchObject({ result: "conflicts", conflicts: ["f"] });
    expect((await ok("git_list_conflicts", {})).structuredContent).toMatchObject({
      operation: "merge",
      conflicts: [{ path: "f", kind: "both modified", base: 6, ours: 9, theirs: 11, regions: 1 }],
      total: 1,
    });
    expect((await ok("git_list_conflicts", { path: "f" })).structuredContent).toMatchObject({
      base: "1\n2\n3\n",
      theirs: "1\ntheirs\n3\n",
    });
    expect(errorOf(await client.callTool("git_rebase", { upstream: "topic" }))).toMatchObject({ code: "CONFLICT" });
    expect(errorOf(await client.callTool("git_merge", { action: "continue" }))).toMatchObject({ code: "CONFLICT" });
    const aborted = await ok("git_merge", { action: "abort" });
    expect(aborted.structuredContent).toMatchObject({
      result: "aborted",
      undo: expect.stringContaining("refs/mcp-undo/"),
    });
    expect(git(dir, "status", "--porcelain")).toBe("");

    await ok("git_merge", { branch: "topic" });
    writeFileSync(join(dir, "f"), "resolved\n");
    git(dir, "add", "f");
    expect((await ok("git_merge", { action: "continue" })).structuredContent).toMatchObject({ result: "merged" });
    expect(git(dir, "log", "-1", "--format=%p").split(" ")).toHaveLength(2);
  });

  it("pick, revert and rebase, and say how to undo it", async () => {
    const { dir, ok } = await connected();
    const before = git(dir, "rev-parse", "HEAD");
    const picked = await ok("git_cherry_pick", { commits: ["topic"] });
    expect(picked.structuredContent).toMatchObject({
      result: "committed",
      undo: `git_reset mode hard revision ${before}`,
    });
    expect((await ok("git_cherry_pick", { commits: ["topic"] })).structuredContent).toMatchObject({
      result: "nothing to commit",
      dropped: [git(dir, "rev-parse", "topic")],
    });
    await ok("git_revert", { commits: ["HEAD"] });
    expect(git(dir, "diff", "--name-only", before)).toBe("");
    const stopped = await ok("git_rebase", { upstream: "topic" });
    expect(stopped.structuredContent).toMatchObject({
      result: "conflicts",
      messages: ["CONFLICT (content): Merge conflict in f"],
    });
    expect((await ok("git_rebase", { action: "skip" })).structuredContent).toMatchObject({ result: "rebased" });
    expect(git(dir, "status", "--porcelain")).toBe("");
    expect(git(dir, "for-each-ref", "--format=%(refname)", "refs/mcp-undo")).toContain("rebase");
  });

  it("stash", async () => {
    const { dir, ok } = await connected();
    expect(textOf(await ok("git_stash", {}))).toContain("no local changes");
    writeFileSync(join(dir, "g"), "local\n");
    await ok("git_stash", { message: "mine" });
    expect(textOf(await ok("git_stash", { action: "list" }))).toMatch(/^stash@\{0\} [0-9a-f]{40} On main: mine/);
    expect(textOf(await ok("git_stash", { action: "show" }))).toContain("+local");
    await ok("git_stash", { action: "apply" });
    expect(git(dir, "status", "--porcelain")).toBe(" M g");
    const dropped = textOf(await ok("git_stash", { action: "drop" }));
    expect(dropped).toContain("refs/mcp-undo/");
    expect(textOf(await ok("git_stash", { action: "list" }))).toContain("Nothing is stashed.");
  });

  it("are short in the list", async () => {
    const { client } = await connected();
    for (const { name, description, inputSchema } of await client.listTools()) {
      expect(JSON.stringify({ name, description, inputSchema }).length, name).toBeLessThan(1000);
    }
  });
});
