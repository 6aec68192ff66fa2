import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, describeGit, errorOf, git, gitBytes, tempDir, textOf } from "@mcp-reference/testing";
import { describe, expect, it } from "vitest";
import definition from "../src/index.js";
import { sampleRepository } from "./support/sample-repository.js";

/** Calls tools on one repository. */
async function caller(path: string, ...argv: string[]) {
  const client = await connect(definition, { argv: ["--repository", path, ...argv] });
  return async (name: string, args: Record<string, unknown> = {}) => {
    const result = await client.callTool(name, args);
    return { text: textOf(result), code: errorOf(result)?.code, data: result.structuredContent ?? {} };
  };
}

/** The texts of all pages, of a tool that gives its cursor in a note. */
async function pages(call: Awaited<ReturnType<typeof caller>>, name: string, args: Record<string, unknown>) {
  const texts: string[] = [];
  for (let cursor: string | undefined; texts.length < 1000; ) {
    const { text, code } = await call(name, { ...args, ...(cursor && { cursor }) });
    expect(code).toBeUndefined();
    cursor = /continue with cursor (\S+)/.exec(text)?.[1];
    texts.push(text.replace(/\n[^\n]*continue with cursor \S+$/, ""));
    if (cursor === undefined) return texts;
  }
  throw new Error(`${name} never ends`);
}

describeGit("reading, beside git", () => {
  /** Sixty commits on forty files, one of them renamed halfway. */
  async function history() {
    const dir = await tempDir();
    git(dir, "init", "-q");
    const parts: string[] = [];
    for (let count = 1; count <= 60; count++) {
      const message = `Change ${count}`;
      const body = Array.from({ length: 30 }, (_, line) => `${line % count} ${line}\n`).join("");
      parts.push(
        `commit refs/heads/main\ncommitter C <c@example.com> ${1_700_000_000 + count * 60} +0100\ndata ${message.length}\n${message}\n`,
        count === 30 ? "R file-1.txt renamed.txt\n" : "",
        `M 100644 inline file-${count % 40}.txt\ndata ${body.length}\n${body}\n`,
      );
    }
    gitBytes(dir, ["fast-import", "--quiet"], { input: parts.join("") });
    git(dir, "reset", "-q", "--hard");
    return dir;
  }

  it("pages through a diff on file boundaries, and the pages make the patch git makes", async () => {
    const dir = await history();
    const call = await caller(dir, "--max-output", "6k");
    const found = await pages(call, "git_diff", { target: "main~20..main" });
    expect(found.length).toBeGreaterThan(1);
    expect(found.every((text) => text.startsWith("diff --git"))).toBe(true);
    const patch = found.map((text) => `${text.replace(/\n$/, "")}\n`).join("");
    const other = await tempDir();
    git(dir, "clone", "-q", dir, other);
    git(other, "reset", "-q", "--hard", "main~20");
    gitBytes(other, ["apply", "--index"], { input: patch });
    expect(git(other, "write-tree")).toBe(git(dir, "rev-parse", "main^{tree}"));
  });

  it("pages through history without gaps or repeats, also while commits are added", async () => {
    const dir = await history();
    const call = await caller(dir);
    const subjects: string[] = [];
    let cursor: unknown;
    do {
      const { data } = await call("git_log", { max_count: 7, ...(cursor ? { cursor } : {}) });
      const { commits, nextCursor } = data as { commits: { subject: string }[]; nextCursor?: string };
      subjects.push(...commits.map(({ subject }) => subject));
      cursor = nextCursor;
      if (subjects.length === 14) git(dir, "commit", "-q", "--allow-empty", "-m", "Meanwhile");
    } while (cursor);
    expect(subjects).toEqual(git(dir, "log", "--format=%s", "main~1").split("\n"));
  });

  it("filters history by path, author, text and date, and follows renames", async () => {
    const dir = await history();
    const call = await caller(dir);
    const subjects = async (args: Record<string, unknown>) => {
      const { data, text, code } = await call("git_log", { max_count: 100, ...args });
      expect(code, text).toBeUndefined();
      return (data as { commits: { subject: string }[] }).commits.map(({ subject }) => subject).join("\n");
    };
    expect(await subjects({ path: "file-7.txt" })).toBe(git(dir, "log", "--format=%s", "--", "file-7.txt"));
    const followed = git(dir, "log", "--follow", "--format=%s", "--", "renamed.txt");
    expect(await subjects({ path: "renamed.txt", follow: true })).toBe(followed);
    expect(await subjects({ grep: "change 5" })).toBe(git(dir, "log", "-i", "--grep=change 5", "--format=%s"));
    expect(await subjects({ author: "nobody" })).toBe("");
    const range = ["--since=2023-11-14T22:30:00Z", "--until=2023-11-14T22:45:00Z"];
    expect(await subjects({ start_timestamp: "2023-11-14T22:30:00Z", end_timestamp: "2023-11-14T22:45:00Z" })).toBe(
      git(dir, "log", "--format=%s", ...range),
    );
    expect((await call("git_log", { start_timestamp: "soon" })).code).toBe("UNSUPPORTED");
  });

  it("lists the files of a revision as git does, page by page", async () => {
    const dir = await history();
    const call = await caller(dir);
    const found = await pages(call, "git_list_files", { limit: 9, revision: "main~5" });
    expect(found.join("\n").split("\n").filter(Boolean)).toEqual(
      git(dir, "ls-tree", "-r", "--name-only", "main~5").split("\n"),
    );
  });

  it("searches files and history as git does, page by page", async () => {
    const dir = await history();
    const call = await caller(dir);
    const found = await pages(call, "git_search", { pattern: "3 27", limit: 5 });
    const expected = git(dir, "grep", "-n", "3 27", "main").split("\n");
    expect(found.join("\n").split("\n").filter(Boolean)).toEqual(
      expected.map((line) => line.replace(/^main:([^:]*:\d+):/, "$1: ")),
    );
    const commits = await pages(call, "git_search", { pattern: "3 27", in: "history", limit: 4 });
    const ids = commits
      .join("\n")
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split(" ")[0]);
    expect(ids).toEqual(git(dir, "log", "-G3 27", "--format=%h").split("\n"));
  });

  it("gives a pages of blame that together are git's", async () => {
    const dir = await history();
    const call = await caller(dir, "--max-output", "2k");
    const lines = (await pages(call, "git_blame", { path: "file-7.txt" })).join("\n").split("\n").filter(Boolean);
    expect(lines.map((line) => line.slice(line.indexOf(": ") + 2))).toEqual(
      git(dir, "show", "main:file-7.txt").split("\n"),
    );
    const [, ours] = /^1 \^?(\w+) /.exec(lines[0] ?? "") ?? [];
    expect(git(dir, "blame", "-l", "-L1,1", "main", "--", "file-7.txt").replace("^", "")).toContain(ours);
  });

  it("compares a revision with the worktree, staged or not, as git does", async () => {
    const dir = await history();
    appendFileSync(join(dir, "file-2.txt"), "unstaged\n");
    writeFileSync(join(dir, "new.txt"), "staged\n");
    git(dir, "add", "new.txt");
    git(dir, "rm", "-q", "file-3.txt");
    writeFileSync(join(dir, "file-3.txt"), "untracked again\n");
    const call = await caller(dir);
    const names = (await call("git_diff", { target: "main~9", format: "names" })).text;
    expect(names.trim()).toBe(git(dir, "diff", "--name-status", "main~9").replaceAll(/^R\d+\t(.*)\t/gm, "R\t$1 => "));
    const stat = (await call("git_diff_unstaged", { format: "stat" })).text;
    expect(stat.trim()).toBe(git(dir, "diff", "--numstat"));
    expect((await call("git_diff_staged", { format: "names" })).text.trim()).toBe(
      git(dir, "diff", "--cached", "--name-status"),
    );
  });

  it("lists branches and tags with what contains what", async () => {
    const dir = await history();
    git(dir, "branch", "old", "main~40");
    git(dir, "tag", "-a", "v1", "-m", "First\n\nmore", "main~30");
    git(dir, "tag", "light", "main~50");
    const call = await caller(dir);
    const names = async (args: Record<string, unknown>) =>
      ((await call("git_branch", args)).data as { branches: { branch: string }[] }).branches.map(
        ({ branch }) => branch,
      );
    expect(await names({})).toEqual(["main", "old"]);
    expect(await names({ contains: "main~30" })).toEqual(["main"]);
    expect(await names({ not_contains: "main~30" })).toEqual(["old"]);
    expect(await names({ merged: "old" })).toEqual(["old"]);
    expect((await call("git_list_tags")).data).toMatchObject({
      tags: [{ tag: "light" }, { tag: "v1", message: "First" }],
    });
    expect((await call("git_list_tags", { pattern: "v*", contains: "main~40" })).data).toMatchObject({
      tags: [{ tag: "v1" }],
    });
  });
});

describe("reading", () => {
  it("shows commits, tags, trees and files", async () => {
    const { path, second } = await sampleRepository(await tempDir());
    const call = await caller(path);
    await call("git_tag", { tag_name: "v1", message: "First" });
    expect((await call("git_show", { revision: "v1" })).text).toMatch(
      /^tag v1\n[\s\S]*First[\s\S]*commit [\s\S]*\+# Notes/,
    );
    expect((await call("git_show", { revision: second, format: "names" })).text).toMatch(/A\tnotes\.md\n$/);
    expect((await call("git_show", { revision: "HEAD^{tree}" })).text).toContain("src/\n");
    expect((await call("git_show", { revision: "HEAD:src/main.ts" })).text).toBe("one\ntwo\n");
  });

  it("reads lines of a file, and says what else there is", async () => {
    const { path } = await sampleRepository(await tempDir());
    const call = await caller(path);
    const part = await call("git_read_file", { path: "./src//main.ts", start_line: 2, end_line: 9 });
    expect(part.text).toBe("two\n\nLines 2–2 of 2.");
    expect((await call("git_read_file", { path: "src" })).code).toBe("INVALID_ARGUMENT");
    expect((await call("git_read_file", { path: "../x" })).code).toBe("OUTSIDE_ROOT");
    expect((await call("git_read_file", { path: "absent" })).code).toBe("NOT_FOUND");
  });

  it("answers for a repository without commits", async () => {
    const dir = await tempDir();
    const call = await caller(dir);
    await call("git_init", { repo_path: join(dir, "empty") });
    expect((await call("git_status")).data).toMatchObject({ branch: "main", paths: [], total: 0 });
    expect((await call("git_log")).data).toEqual({ commits: [] });
    expect((await call("git_diff_staged")).text).toBe("No changes");
    expect((await call("git_branch")).data).toEqual({ current: "main", branches: [] });
    expect((await call("git_show", { revision: "HEAD" })).code).toBe("NOT_FOUND");
  });

  it("refuses cursors of another call", async () => {
    const { path } = await sampleRepository(await tempDir());
    const call = await caller(path);
    const { nextCursor } = (await call("git_log", { max_count: 1 })).data as { nextCursor?: string };
    expect(nextCursor).toBeDefined();
    expect((await call("git_log", { max_count: 1, path: "src", cursor: nextCursor })).code).toBe("INVALID_ARGUMENT");
    expect((await call("git_status", { cursor: nextCursor })).code).toBe("INVALID_ARGUMENT");
  });
});
