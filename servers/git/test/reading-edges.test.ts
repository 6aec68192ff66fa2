import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { connect, describeGit, errorOf, git, gitBytes, tempDir, textOf } from "@mcp-reference/testing";
import { describe, expect, it, vi } from "vitest";
import definition from "../src/index.js";
import { sampleRepository } from "./support/sample-repository.js";

/** A client of a server, its tools and resources. */
async function served(path: string, ...argv: string[]) {
  const client = await connect(definition, { argv: ["--repository", path, ...argv] });
  const call = async (name: string, args: Record<string, unknown> = {}) => {
    const result = await client.callTool(name, args);
    return { text: textOf(result), code: errorOf(result)?.code, data: result.structuredContent ?? {} };
  };
  const read = async (uri: string) => {
    const [content] = (await client.readResource(uri)).contents;
    return content && "text" in content ? content.text : "";
  };
  return { client, call, read };
}

const cursorIn = (text: string) => /continue with cursor (\S+)/.exec(text)?.[1];

interface MadeCommit {
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly message?: string;
  readonly branch?: string;
}

/** A repository of these commits, one on top of the other. */
async function repositoryOf(...commits: readonly MadeCommit[]): Promise<string> {
  const dir = await tempDir();
  git(dir, "init", "-q");
  const parts = commits.flatMap(({ files, message = "Change", branch = "main" }, count) => [
    `commit refs/heads/${branch}\ncommitter C <c@example.com> ${1_700_000_000 + count} +0000\n`,
    `data ${Buffer.byteLength(message)}\n${message}\n`,
    ...Object.entries(files).flatMap(([name, content]) => [
      `M 100644 inline ${JSON.stringify(name)}\ndata ${Buffer.byteLength(content)}\n`,
      content,
      "\n",
    ]),
  ]);
  gitBytes(dir, ["fast-import", "--quiet"], { input: Buffer.concat(parts.map((part) => Buffer.from(part))) });
  git(dir, "reset", "-q", "--hard");
  return dir;
}

const manyFiles = (text: string) =>
  Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`file-${10 + at}.txt`, `${text}\n`.repeat(20)]));

describeGit("content that is not UTF-8", () => {
  const LATIN = Buffer.from("caf\xe9 here\n", "latin1");
  const NOTE = /not UTF-8 are shown as �/;

  it("is shown as far as it goes, and a note tells", async () => {
    const dir = await repositoryOf({ files: { "a.txt": "plain\n" } }, { files: { "latin.txt": LATIN } });
    const { call } = await served(dir);
    for (const [name, args] of [
      ["git_diff", { target: "main~1..main" }],
      ["git_show", { revision: "main" }],
      ["git_show", { revision: "main:latin.txt" }],
      ["git_blame", { path: "latin.txt" }],
      ["git_search", { pattern: "here" }],
      ["git_read_file", { path: "latin.txt" }],
    ] as const) {
      const { text, code } = await call(name, args);
      expect(code, name).toBeUndefined();
      expect(text, name).toContain("caf� here");
      expect(text, name).toMatch(NOTE);
    }
  });

  it("is told from text that has the replacement character itself", async () => {
    const dir = await repositoryOf({ files: { "a.txt": "caf� here\n" } });
    const { call } = await served(dir);
    for (const [name, args] of [
      ["git_show", { revision: "main" }],
      ["git_blame", { path: "a.txt" }],
      ["git_search", { pattern: "here" }],
      ["git_read_file", { path: "a.txt" }],
    ] as const) {
      const { text } = await call(name, args);
      expect(text, name).toContain("caf� here");
      expect(text, name).not.toMatch(NOTE);
    }
  });
});

describeGit("names with line breaks", () => {
  it("are quoted as git quotes them, so that one name stays one line", async () => {
    const dir = await repositoryOf({ files: { "a.txt": "x\n" } }, { files: { "b\nsecret.txt": "needle\n" } });
    const { call, read } = await served(dir);
    const quoted = '"b\\nsecret.txt"';
    expect((await call("git_list_files")).text).toContain(quoted);
    expect((await call("git_diff", { target: "main~1..main", format: "names" })).text).toContain(`A\t${quoted}`);
    expect((await call("git_diff", { target: "main~1..main", format: "stat" })).text).toContain(`1\t0\t${quoted}`);
    expect((await call("git_search", { pattern: "needle" })).text).toBe(`${quoted}:1: needle`);
    expect((await call("git_search", { pattern: "needle", in: "history" })).text).toContain(`[${quoted}]`);
    expect(await read(`git://${dir.split("/").at(-1)}/tree/main`)).toBe(`a.txt\n${quoted}`);
  });
});

describeGit("entries that are no files", () => {
  it("are marked in lists", async () => {
    const dir = await repositoryOf({ files: { "a/b.txt": "x\n" } });
    symlinkSync("a/b.txt", join(dir, "link"));
    git(dir, "add", "link");
    git(dir, "update-index", "--add", "--cacheinfo", `160000,${git(dir, "rev-parse", "HEAD")},module`);
    git(dir, "commit", "-qm", "All kinds");
    const { call } = await served(dir);
    const { text } = await call("git_list_files", { recursive: false });
    expect(text).toBe("a/\nlink (link)\nmodule (submodule)");
  });
});

describeGit("results larger than --max-output", () => {
  it("are cut where a message is", async () => {
    const dir = await repositoryOf(
      { files: { "a.txt": "x\n" } },
      { files: { "a.txt": "y\n" }, message: `Subject\n\n${"wörds ".repeat(5000)}` },
    );
    const { call, read } = await served(dir, "--max-output", "4k");
    const { text, code } = await call("git_show", { revision: "main" });
    expect(code).toBeUndefined();
    expect(text).toContain("Subject");
    expect(text).toContain("+y");
    expect(text).toMatch(/message is cut/);
    expect((await call("git_log", { details: true, max_count: 1 })).code).toBeUndefined();
    expect(await read(`git://${dir.split("/").at(-1)}/commit/main`)).toContain("Subject");
  });

  it("are cut in trees, tags, files, statuses and histories of wide letters", async () => {
    const wide = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`${"ä".repeat(60)}-${at}.txt`, "needle\n"]),
    );
    const dir = await repositoryOf({ files: { "a.txt": `${"ö".repeat(5000)}\n` } }, { files: wide });
    git(dir, "tag", "-a", "v1", "-m", `First\n\n${"ü".repeat(5000)}`);
    const { call, read } = await served(dir, "--max-output", "4k");
    const name = dir.split("/").at(-1);
    for (const revision of ["main^{tree}", "main:a.txt", "v1"]) {
      const { code, text } = await call("git_show", { revision });
      expect(code, revision).toBeUndefined();
      expect(text, revision).toMatch(/is cut/);
    }
    expect((await call("git_search", { pattern: "needle", in: "history" })).code).toBeUndefined();
    expect(await read(`git://${name}/tree/main`)).toMatch(/^a\.txt\nä/);
    for (const file of Object.keys(wide)) writeFileSync(join(dir, file), "changed\n");
    expect(await read(`git://${name}/status`)).toContain("ä");
  });

  it("page by bytes where commits in history have long lists of files", async () => {
    const name = (at: number) => `${"long".repeat(40)}-${at}.txt`;
    const wide = (text: string) =>
      Object.fromEntries(Array.from({ length: 10 }, (_, at) => [name(at), `needle ${text}\n`]));
    const dir = await repositoryOf(
      ...Array.from({ length: 12 }, (_, at) => ({ files: wide(String(at)), message: `C${at}` })),
    );
    const { call } = await served(dir, "--max-output", "4k");
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const { text, code } = await call("git_search", { pattern: "needle", in: "history", ...(cursor && { cursor }) });
      expect(code).toBeUndefined();
      found.push(...[...text.matchAll(/C: (C\d+) \[/g)].map(([, subject]) => subject ?? ""));
      cursor = cursorIn(text);
    } while (cursor !== undefined);
    expect(found).toEqual(Array.from({ length: 12 }, (_, at) => `C${11 - at}`));
  });
});

describeGit("cursors", () => {
  it("stay with what the first page was about when branches move", async () => {
    const dir = await repositoryOf({ files: manyFiles("one") }, { files: manyFiles("two") });
    const { call } = await served(dir, "--max-output", "4k");
    const begun = {
      git_show: { revision: "main" },
      git_diff: { target: "main~1..main" },
      git_blame: { path: "file-10.txt", revision: "main" },
      git_list_files: { limit: 5 },
    };
    const first = Object.fromEntries(
      await Promise.all(
        Object.entries(begun).map(async ([name, args]) => [name, (await call(name, args)).text] as const),
      ),
    );
    const rest = async (name: keyof typeof begun) => {
      const cursor = cursorIn(first[name] ?? "");
      return cursor === undefined ? undefined : (await call(name, { ...begun[name], cursor })).text;
    };
    const before = { show: await rest("git_show"), diff: await rest("git_diff"), list: await rest("git_list_files") };
    writeFileSync(join(dir, "file-39.txt"), "three\n");
    git(dir, "rm", "-q", "file-15.txt");
    git(dir, "commit", "-qam", "Meanwhile");
    expect(before.show).toContain("+two");
    expect(await rest("git_show")).toBe(before.show);
    expect(await rest("git_diff")).toBe(before.diff);
    expect(await rest("git_list_files")).toBe(before.list);
  });

  it("go on behind the last file shown when the worktree changes", async () => {
    const dir = await repositoryOf({ files: manyFiles("one") });
    for (const name of Object.keys(manyFiles(""))) writeFileSync(join(dir, name), "changed\n");
    const { call } = await served(dir, "--max-output", "4k");
    const { text } = await call("git_diff_unstaged");
    const shown = [...text.matchAll(/^\+\+\+ b\/(.*)$/gm)].map(([, name]) => name);
    git(dir, "checkout", "-q", "file-10.txt", "file-11.txt");
    const rest = await call("git_diff_unstaged", { cursor: cursorIn(text) });
    const [next] = [...rest.text.matchAll(/^\+\+\+ b\/(.*)$/gm)].map(([, name]) => name);
    expect(next).toBe(`file-${10 + shown.length}.txt`);
  });
});

describe("lines asked for", () => {
  it("must be a range, and may lie behind the end", async () => {
    const { path } = await sampleRepository(await tempDir());
    const { call } = await served(path);
    for (const name of ["git_read_file", "git_blame"]) {
      const { code } = await call(name, { path: "src/main.ts", start_line: 2, end_line: 1 });
      expect(code, name).toBe("INVALID_ARGUMENT");
    }
    const behind = await call("git_read_file", { path: "src/main.ts", start_line: 9 });
    expect(behind.text.trim()).toBe("The file has 2 lines.");
  });
});

describe("repositories in a directory", () => {
  it("are found among thousands of others", async () => {
    const dir = await tempDir();
    for (let count = 0; count < 1500; count++) mkdirSync(join(dir, `a-${count}`));
    await sampleRepository(dir);
    const { call, read } = await served(dir);
    expect((await call("git_status")).code).toBeUndefined();
    expect(await read("git://sample/status")).toContain("staged.txt");
  });

  it("that go away, with it or alone, are told in a line", async () => {
    const dir = await tempDir();
    const all = join(dir, "all");
    mkdirSync(all);
    const { path } = await sampleRepository(all);
    const { call, client } = await served(all);
    expect((await call("git_status")).code).toBeUndefined();
    rmSync(path, { recursive: true });
    expect((await call("git_status")).code).toBe("NOT_FOUND");
    expect((await call("git_status", { repo_path: path })).code).toBe("NOT_FOUND");
    rmSync(all, { recursive: true });
    expect((await call("git_status")).code).toBe("NOT_FOUND");
    await expect(client.readResource("git://sample/status")).rejects.toThrow(/NOT_FOUND/);
    expect(await client.listResources()).toEqual([]);
  });

  it("may be named relative to the first, and by no path of another system", async () => {
    const dir = await tempDir();
    await sampleRepository(dir);
    const { call } = await served(dir);
    expect((await call("git_status", { repo_path: "sample" })).code).toBeUndefined();
    expect((await call("git_status", { repo_path: "./sample/src/.." })).code).toBeUndefined();
    expect((await call("git_status", { repo_path: "C:\\repo" })).code).toBe("NOT_FOUND");
    expect((await call("git_status", { repo_path: ".." })).code).toBe("OUTSIDE_ROOT");
    expect((await call("git_status", { repo_path: pathToFileURL(dir).href })).code).toBe("NOT_FOUND");
  });
});

describeGit("subscribers of a status", () => {
  const LIVENESS = { timeout: 15_000, interval: 20 };

  async function subscribed(path: string) {
    const { client, read } = await served(path);
    const uri = `git://${path.split("/").at(-1)}/status`;
    let told = 0;
    client.onNotification(({ method }) => {
      if (method === "notifications/resources/updated") told++;
    });
    await client.subscribe(uri);
    return {
      read,
      toldMoreThan: (count: number) => vi.waitFor(() => expect(told).toBeGreaterThan(count), LIVENESS),
      told: () => told,
    };
  }

  it("are told when HEAD moves although there was no reflog before", async () => {
    const dir = await tempDir();
    git(dir, "init", "-q");
    const { toldMoreThan, told } = await subscribed(dir);
    git(dir, "commit", "-q", "--allow-empty", "-m", "First");
    await toldMoreThan(0);
    const before = told();
    git(dir, "commit", "-q", "--allow-empty", "-m", "Second");
    await toldMoreThan(before);
  });

  it("are told of a linked worktree, whose .git is a file", async () => {
    const dir = await repositoryOf({ files: { "a.txt": "x\n" } });
    git(dir, "worktree", "add", "-q", join(dir, "linked"));
    const client = await connect(definition, { argv: ["--repository", dir, "--repository", join(dir, "linked")] });
    let told = 0;
    client.onNotification(({ method }) => {
      if (method === "notifications/resources/updated") told++;
    });
    await client.subscribe("git://linked/status");
    writeFileSync(join(dir, "linked/new.txt"), "new\n");
    git(join(dir, "linked"), "add", "new.txt");
    await vi.waitFor(() => expect(told).toBeGreaterThan(0), LIVENESS);
  });
});
