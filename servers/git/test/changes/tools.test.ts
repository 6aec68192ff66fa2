import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { connect, describeGit, errorOf, git, tempDir, textOf } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import definition from "../../src/index.js";

process.env.GIT_CONFIG_GLOBAL = "/dev/null";

async function served(options: { answer?: boolean; model?: string } = {}) {
  const dir = path.join(await tempDir(), "repo");
  mkdirSync(dir);
  git(dir, "init", "-q");
  git(dir, "config", "user.name", "W");
  git(dir, "config", "user.email", "w@example.com");
  const asked: string[] = [];
  const client = await connect(definition, {
    argv: ["--repository", dir],
    ...(options.answer !== undefined && {
      elicit: ({ message }: { message: string }) => {
        asked.push(message);
        return options.answer
          ? { action: "accept" as const, content: { approve: true } }
          : { action: "decline" as const };
      },
    }),
    ...(options.model !== undefined && {
      sample: () => ({
        role: "assistant" as const,
        model: "m",
        content: { type: "text" as const, text: options.model ?? "" },
      }),
    }),
  });
  const call = async (name: string, args: Record<string, unknown> = {}) => {
    const result = await client.callTool(name, args);
    return errorOf(result)?.code ?? result.structuredContent ?? textOf(result);
  };
  return { dir, asked, call };
}

const write = (dir: string, name: string, text: string) => writeFileSync(path.join(dir, name), text);

describeGit("writing tools", () => {
  it("work as the official server's do, from adding to switching branches", async () => {
    const { dir, call } = await served();
    write(dir, "a", "1\n");
    expect(await call("git_add", { files: ["."] })).toMatchObject({ added: ["a"], total: 1 });
    expect(await call("git_commit", { message: "First" })).toMatchObject({ branch: "main", subject: "First" });
    expect(await call("git_create_branch", { branch_name: "topic" })).toMatchObject({ branch: "topic" });
    expect(await call("git_checkout", { branch_name: "topic" })).toMatchObject({ branch: "topic", created: false });
    write(dir, "a", "2\n");
    await call("git_add", { files: ["a"] });
    expect(await call("git_reset")).toMatchObject({ head: git(dir, "rev-parse", "HEAD") });
    expect(git(dir, "status", "--porcelain")).toBe(" M a");
    await call("git_add", { files: ["a"] });
    expect(await call("git_reset", { paths: ["a"] })).toMatchObject({ unstaged: ["a"] });
    expect(await call("git_rename_branch", { new_name: "renamed" })).toMatchObject({ from: "topic", to: "renamed" });
    expect(await call("git_tag", { tag_name: "v1", message: "One" })).toMatchObject({ tag: "v1", deleted: false });
    expect(git(dir, "describe")).toBe("v1");
    expect(git(dir, "fsck", "--strict", "--no-dangling")).toBe("");
  });

  it("ask before something is lost, do nothing after a no, and say how to undo", async () => {
    for (const answer of [false, true]) {
      const { dir, asked, call } = await served({ answer });
      write(dir, "a", "1\n");
      git(dir, "add", ".");
      git(dir, "commit", "-qm", "x");
      git(dir, "branch", "side", git(dir, "commit-tree", "-m", "alone", "HEAD^{tree}"));
      git(dir, "tag", "v1");
      write(dir, "a", "mine\n");
      const results = [
        await call("git_restore", { paths: ["a"] }),
        await call("git_delete_branch", { branch_name: "side", force: true }),
        await call("git_tag", { tag_name: "v1", delete: true }),
      ];
      expect(asked).toHaveLength(3);
      if (!answer) {
        expect(results).toEqual(["DECLINED", "DECLINED", "DECLINED"]);
        expect(git(dir, "status", "--porcelain")).toBe(" M a");
        continue;
      }
      const source = /refs\/mcp-undo\/\S+/.exec(JSON.stringify(results[0]))?.[0].replace(/"}?$/, "");
      expect(git(dir, "show", `${source}:a`)).toBe("mine");
      expect(git(dir, "branch", "--list", "side")).toBe("");
      await call("git_restore", { paths: ["a"], source });
      await call("git_reset", { mode: "hard" });
      expect(asked).toHaveLength(5);
      expect(git(dir, "status", "--porcelain")).toBe("");
    }
  });

  it("draft a commit message with the client's model, or say what to write", async () => {
    const { dir, call } = await served({ model: "Add a file\n" });
    expect(await call("git_draft_commit_message")).toBe("INVALID_ARGUMENT");
    write(dir, "a", "1\n");
    git(dir, "add", ".");
    expect(await call("git_draft_commit_message")).toBe("Add a file");
    const without = await served();
    write(without.dir, "a", "1\n");
    git(without.dir, "add", ".");
    expect(await without.call("git_draft_commit_message", { style: "lower case" })).toMatch(/lower case[\s\S]*\n\+1\n/);
  });

  it("say how to undo what nobody was asked about", async () => {
    const { dir, call } = await served();
    for (const text of ["one", "two"]) {
      writeFileSync(path.join(dir, "f"), text);
      expect(await call("git_add", { files: ["."] })).toMatchObject({ undo: expect.stringContaining("git_reset") });
      await call("git_commit", { message: text });
    }
    const second = git(dir, "rev-parse", "HEAD");
    git(dir, "config", "tag.gpgSign", "true");
    expect(await call("git_tag", { tag_name: "v1", message: "x" })).toBe("UNSUPPORTED");
    const tag = { tag_name: "v1", message: "x", sign: false };
    expect(await call("git_tag", tag)).toMatchObject({ undo: "git_tag tag_name v1 delete true" });
    expect(await call("git_create_branch", { branch_name: "b" })).toMatchObject({
      undo: "git_delete_branch branch_name b",
    });
    expect(await call("git_rename_branch", { branch_name: "b", new_name: "c" })).toMatchObject({
      undo: "git_rename_branch branch_name c new_name b",
    });
    expect(await call("git_checkout", { branch_name: "c" })).toMatchObject({ undo: "git_checkout branch_name -" });
    expect(await call("git_commit", { message: "x", allow_empty: true })).toMatchObject({
      undo: `git_reset mode soft revision ${second}`,
    });
  });

  it("make repositories inside the roots only", async () => {
    const { dir, call } = await served();
    expect(await call("git_init", { repo_path: "new", default_branch: "trunk" })).toMatchObject({ created: true });
    expect(git(path.join(dir, "new"), "symbolic-ref", "HEAD")).toBe("refs/heads/trunk");
    expect(git(path.join(dir, "new"), "status", "--porcelain")).toBe("");
    expect(await call("git_init", { repo_path: "new" })).toMatchObject({ created: false });
    expect(await call("git_init", { repo_path: "bare.git", bare: true })).toMatchObject({ created: true });
    expect(git(path.join(dir, "bare.git"), "rev-parse", "--is-bare-repository")).toBe("true");
    expect(await call("git_init", { repo_path: "../outside" })).toBe("OUTSIDE_ROOT");
    expect(existsSync(path.join(dir, "../outside"))).toBe(false);
    expect(await call("git_init", { repo_path: "x", default_branch: "../x" })).toBe("INVALID_ARGUMENT");
    for (const inside of [".git", ".git/hooks", ".git/new", "bare.git/objects/x", ".GIT/x"]) {
      for (const bare of [true, false]) {
        const answer = await call("git_init", { repo_path: inside, bare });
        expect(answer, inside).toBe(inside === ".GIT/x" ? "NOT_FOUND" : "PERMISSION_DENIED");
      }
    }
    expect(await call("git_add", { repo_path: "bare.git", files: ["."] })).toMatch(/UNSUPPORTED|INVALID_ARGUMENT/);
  });

  it("fit into 650 bytes each", async () => {
    const client = await connect(definition, { argv: ["--repository", await tempDir()] });
    const names = [
      "init",
      "add",
      "reset",
      "restore",
      "commit",
      "draft_commit_message",
      "create_branch",
      "delete_branch",
    ];
    const tools = await client.listTools();
    const ours = tools.filter(({ name }) =>
      [...names, "rename_branch", "checkout", "tag"].includes(name.replace(/^git_/, "")),
    );
    const sizes = ours.map(
      ({ name, description, inputSchema }) => JSON.stringify({ name, description, inputSchema }).length,
    );
    expect(ours).toHaveLength(11);
    expect(
      sizes.reduce((sum, size) => sum + size, 0),
      JSON.stringify(sizes),
    ).toBeLessThan(11 * 650);
  });
});
