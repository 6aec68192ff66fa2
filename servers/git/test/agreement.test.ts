import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connect, describeGit, errorOf, git, gitBytes, tempDir, textOf, variants } from "@mcp-reference/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import definition from "../src/index.js";

const bin = new URL("../dist/cli.js", import.meta.url);
type Client = Awaited<ReturnType<typeof connect>>;

const WRITER = { name: "A U Thor", email: "author@example.com" };

/** The checkout that this test is part of: a real history, which nobody made for a test. */
function checkoutRoot(): string {
  for (let directory = import.meta.dirname; directory !== dirname(directory); directory = dirname(directory)) {
    if (existsSync(join(directory, ".git"))) return directory;
  }
  throw new Error("these tests are not in a git checkout");
}

let origin: string;
let base: string;

beforeAll(async () => {
  origin = join(await mkdtemp(join(await realpath(tmpdir()), "mcp-test-")), "clone");
  git(dirname(origin), "clone", "-q", "--no-local", checkoutRoot(), origin);
  git(origin, "config", "user.name", WRITER.name);
  git(origin, "config", "user.email", WRITER.email);
  // A few commits back; a checkout that has fewer is compared all the same.
  base = git(origin, "rev-list", "-6", "HEAD").split("\n").at(-1) ?? "HEAD";
  git(origin, "tag", "-am", "x", "a-tag", base);
});
afterAll(() => rmSync(dirname(origin), { recursive: true, force: true }));

describeGit("against git, on the history of this project", () => {
  describe.each(variants)("$variant over stdio", ({ sdk, era }) => {
    const used = new Set<string>();
    let client: Client;

    async function open(dir: string): Promise<Call> {
      const argv = ["--repository", dir, "--confirm", "never", "--max-output", "32m"];
      client = await connect(definition, { transport: "stdio", bin, argv, sdk, era });
      return (name, args) => called(client, used, name, args);
    }

    test("what is read", async () => {
      const dir = origin;
      const call = await open(dir);
      expect(((await call("git_status")).structured as StatusResult).total).toBe(0);
      const log = (await call("git_log", { max_count: 40, details: true })).structured as LogResult;
      expect(log.commits.map(({ commit, parents }) => [commit, ...parents].join(" ")).join("\n")).toBe(
        git(dir, "log", "-40", "--format=%H %P").replace(/ $/gm, ""),
      );
      const file = "package.json";
      const followed = (await call("git_log", { path: file, follow: true, max_count: 1000, details: true })).structured;
      expect((followed as LogResult).commits.map(({ commit }) => commit).join("\n")).toBe(
        git(dir, "log", "--follow", "--format=%H", "--", file),
      );

      const diff = (await call("git_diff", { target: `${base}..HEAD` })).text;
      const theirs = gitBytes(dir, ["diff", "--full-index", "--binary", `${base}..HEAD`]).toString();
      const plain = git(dir, "diff", `${base}..HEAD`);
      expect(diff).toBe(plain === "" ? "No changes" : `${plain}\n`);
      // It applies, where git itself could apply what it prints: not to binary files.
      if (plain !== "" && !theirs.includes("GIT binary patch")) {
        const env = { GIT_INDEX_FILE: join(await tempDir(), "index") };
        gitBytes(dir, ["read-tree", base], { env });
        gitBytes(dir, ["apply", "--cached", "--whitespace=nowarn"], { env, input: diff });
        expect(gitBytes(dir, ["write-tree"], { env }).toString().trim()).toBe(git(dir, "rev-parse", "HEAD^{tree}"));
      }
      const shown = (await call("git_show", { revision: "HEAD" })).text;
      expect(shown.trimEnd().endsWith(git(dir, "show", "--format=", "HEAD").trimEnd())).toBe(true);

      const blamed = (await call("git_blame", { path: file })).text;
      expect(commitsOfLines(blamed)).toEqual(commitsOfPorcelain(git(dir, "blame", "--porcelain", file)));
      expect((await call("git_read_file", { path: file })).text.trimEnd()).toBe(git(dir, "show", `HEAD:${file}`));
      expect((await call("git_list_files", { limit: 10_000 })).text.split("\n")).toEqual(
        gitBytes(dir, ["ls-tree", "-rz", "--name-only", "HEAD"]).toString().split("\0").slice(0, -1),
      );
      expect((await call("git_search", { pattern: "isomorphic-git", limit: 1000 })).text).toBe(
        git(dir, "grep", "-nFI", "isomorphic-git", "HEAD").replace(/^HEAD:(.*?:\d+:)/gm, "$1 "),
      );
      for (const revision of [
        "HEAD",
        "@",
        "main",
        "origin/main",
        "@{upstream}",
        base,
        `${base.slice(0, 9)}^{commit}`,
      ]) {
        const known = gitOr(dir, "rev-parse", revision);
        if (known === undefined) continue;
        const { merge_bases } = (await call("git_merge_base", { left: revision, right: revision })).structured;
        expect(merge_bases, revision).toEqual([known]);
      }
      const { merge_bases } = (await call("git_merge_base", { left: base, right: "HEAD" })).structured;
      expect((merge_bases as string[]).join("\n")).toBe(git(dir, "merge-base", "--all", base, "HEAD"));
      const branches = (await call("git_branch", { branch_type: "all", limit: 1000 })).structured[
        "branches"
      ] as Named[];
      expect(branches.map(({ branch }) => branch).sort()).toEqual(
        git(dir, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads", "refs/remotes")
          .split("\n")
          .filter((name) => name !== "origin/HEAD")
          .sort(),
      );
      const tags = (await call("git_list_tags")).structured["tags"] as Named[];
      expect(tags.map(({ tag }) => tag).sort()).toEqual(git(dir, "tag").split("\n").sort());
    });

    test("what is written, and what is read of it", async () => {
      const dir = join(await tempDir(), "repo");
      cpSync(origin, dir, { recursive: true, preserveTimestamps: true });
      git(dir, "update-index", "-q", "--refresh");
      const call = await open(dir);
      const agree = async () => {
        const { paths } = (await call("git_status", { limit: 10_000 })).structured as StatusResult;
        expect(paths.map(letters).sort()).toEqual(porcelain(dir));
      };
      appendFileSync(join(dir, "package.json"), "\n\n");
      appendFileSync(join(dir, "README.md"), "staged\n");
      mkdirSync(join(dir, "new folder"));
      writeFileSync(join(dir, "new folder/é.txt"), "new\n");
      rmSync(join(dir, "biome.json"));
      await call("git_add", { files: ["README.md", "biome.json"] });
      await agree();
      expect((await call("git_diff_unstaged")).text).toBe(`${git(dir, "diff")}\n`);
      expect((await call("git_diff_staged")).text).toBe(`${git(dir, "diff", "--cached")}\n`);
      expect((await call("git_draft_commit_message")).text).toContain("+staged");
      await call("git_reset", { paths: ["biome.json"] });
      await agree();
      await call("git_restore", { paths: ["biome.json"] });
      await call("git_stash", { include_untracked: true, message: "all of it" });
      await agree();
      expect(git(dir, "stash", "list")).toContain("all of it");
      await call("git_stash", { action: "pop", restore_index: true });
      await agree();
      await call("git_commit", { message: "Stage a line\n\nWith a reason." });
      expect(git(dir, "log", "-1", "--format=%an <%ae>%n%B")).toBe(
        `${WRITER.name} <${WRITER.email}>\nStage a line\n\nWith a reason.\n`,
      );
      await call("git_create_branch", { branch_name: "side", base_branch: base });
      await call("git_rename_branch", { branch_name: "side", new_name: "other" });
      await call("git_stash", {});
      await call("git_checkout", { branch_name: "other" });
      await agree();
      expect(git(dir, "rev-parse", "HEAD")).toBe(git(dir, "rev-parse", base));
      appendFileSync(join(dir, "README.md"), "another\n");
      await call("git_add", { files: ["README.md"] });
      await call("git_commit", { message: "Another line" });
      await call("git_tag", { tag_name: "v0-other", message: "annotated" });
      expect(git(dir, "cat-file", "-t", "v0-other")).toBe("tag");
      const merged = (await call("git_merge", { branch: "main" })).structured;
      expect(merged).toMatchObject({ result: "conflicts", conflicts: ["README.md"] });
      await agree();
      const conflicts = (await call("git_list_conflicts")).structured["conflicts"] as { path: string }[];
      expect(conflicts.map(({ path }) => path)).toEqual(git(dir, "diff", "--name-only", "--diff-filter=U").split("\n"));
      await call("git_merge", { action: "abort" });
      await agree();
      writeFileSync(join(dir, "picked"), "picked\n");
      await call("git_add", { files: ["picked"] });
      const made = (await call("git_commit", { message: "Picked" })).structured["commit"];
      await call("git_checkout", { branch_name: "main" });
      await call("git_cherry_pick", { commits: [made] });
      expect(readFileSync(join(dir, "picked"), "utf8")).toBe("picked\n");
      await call("git_revert", { commits: ["HEAD"] });
      expect(git(dir, "rev-parse", "HEAD^{tree}")).toBe(git(dir, "rev-parse", "HEAD~2^{tree}"));
      await call("git_rebase", { upstream: base, onto: base });
      await call("git_reset", { mode: "hard", revision: base });
      await agree();
      await call("git_delete_branch", { branch_name: "other", force: true });
      expect(gitOr(dir, "rev-parse", "--verify", "-q", "other")).toBeUndefined();
      await call("git_init", { repo_path: "nested" });
      expect(git(join(dir, "nested"), "status", "--porcelain")).toBe("");
      await agree();
      expect(git(dir, "fsck", "--strict", "--no-dangling", "--no-reflogs")).toBe("");
      const offered = (await client.listTools()).map(({ name }) => name).sort();
      expect([...used].sort()).toEqual(offered);
    });
  });
});

type Call = (name: string, args?: Record<string, unknown>) => Promise<Called>;

interface Called {
  /** The first block: what follows says how to go on. */
  readonly text: string;
  readonly structured: Record<string, unknown> & Partial<StatusResult & LogResult>;
}

interface StatusResult {
  readonly total: number;
  readonly paths: readonly PathStatus[];
}
interface PathStatus {
  readonly path: string;
  readonly staged?: string;
  readonly worktree?: string;
}
interface LogResult {
  readonly commits: readonly { readonly commit: string; readonly parents: readonly string[] }[];
}
interface Named {
  readonly branch: string;
  readonly tag: string;
}

async function called(
  client: Client,
  used: Set<string>,
  name: string,
  args: Record<string, unknown> = {},
): Promise<Called> {
  const result = await client.callTool(name, args);
  expect(errorOf(result), name).toBeUndefined();
  used.add(name);
  const structured = (result.structuredContent ?? {}) as Called["structured"];
  return { text: textOf({ ...result, content: result.content.slice(0, 1) }), structured };
}

function gitOr(dir: string, ...args: string[]): string | undefined {
  try {
    return git(dir, ...args);
  } catch {
    return undefined;
  }
}

/** Each path with the two letters of `git status --porcelain`. */
function letters({ path, staged, worktree }: PathStatus): string {
  if (worktree === "untracked") return `?? ${path}`;
  if (worktree === "conflict: modified by both") return `UU ${path}`;
  const letter = (word: string | undefined) => word?.[0]?.toUpperCase() ?? " ";
  return `${letter(staged)}${letter(worktree)} ${path}`;
}

/** As {@link letters}; the former name of a renamed file follows it. */
function porcelain(dir: string): string[] {
  const fields = gitBytes(dir, ["status", "--porcelain", "-z"]).toString().split("\0").slice(0, -1);
  return fields.filter((_, at) => !/^[RC]|^.[RC]/.test(fields[at - 1] ?? "")).sort();
}

/** The commit of each line, as short as it is shown. */
function commitsOfLines(blamed: string): string[] {
  let commit = "";
  return blamed.split("\n").map((line) => {
    commit = /^\d+ \^?([0-9a-f]{7,40}) /.exec(line)?.[1] ?? commit;
    return commit.slice(0, 7);
  });
}

const commitsOfPorcelain = (blamed: string): string[] =>
  blamed.split("\n").flatMap((line) => /^([0-9a-f]{40}) \d+ \d+/.exec(line)?.[1]?.slice(0, 7) ?? []);
