import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git } from "@mcp-reference/testing";
import { beforeEach, expect, it } from "vitest";
import { type Answer, type Attacked, attacked, fingerprint, SECRET, type Served } from "./attacked.js";

/** What somebody who means harm, or a model that is mistaken, puts where a name, a path or a text is asked for. */
const EVIL = [
  "..",
  "../outside/secret",
  "../../../../../../etc/passwd",
  "/etc/passwd",
  "/",
  "",
  " ",
  "-",
  "--",
  "-rf",
  "--upload-pack=trap",
  "--output=../outside/written",
  "a\0b",
  "a\nb",
  "a\r\n[core]\n\tpager = trap",
  "a\u001b[31mb",
  "\u007f",
  ".git",
  ".GIT/config",
  "git~1",
  ".git\u200c/config",
  ".git::$INDEX_ALLOCATION",
  ".git/../a.txt",
  "src/../../outside/secret",
  "src//deep/./b.txt",
  "C:\\Windows",
  "\\\\host\\share",
  "refs/heads/../../config",
  "refs/heads/x.lock",
  "HEAD:../outside/secret",
  "HEAD:/etc/passwd",
  ":(exclude,attr:x)a",
  ":/",
  ":0:a.txt",
  "@{-1}",
  "HEAD@{99999999999999}",
  "HEAD^{/(a+)+$}",
  "HEAD~99999999999",
  "HEAD^99999999999",
  "v1^{}^{}^{tree}~^{blob}",
  "a..b...c",
  "^",
  "\ud800",
  "a\udfffb",
  "\u202egit.",
  "x".repeat(10_000),
  "a/".repeat(5000),
  "~".repeat(900),
  "^{}".repeat(300),
  "*".repeat(900),
  "[".repeat(900),
  "(".repeat(900),
  "link/secret",
  "dirlink/secret",
  "ext::trap",
  "file:///etc",
  "ssh://-oProxyCommand=trap/x",
  "http://127.0.0.1:1/x",
];

/** Arguments that each tool can be called with, so that one of them at a time can be made evil. */
const PLAIN: Record<string, Record<string, unknown>> = {
  git_status: { paths: ["a.txt"] },
  git_diff_unstaged: { paths: ["a.txt"] },
  git_diff_staged: { paths: ["a.txt"] },
  git_diff: { target: "HEAD~1", paths: ["a.txt"] },
  git_log: {
    revision: "HEAD",
    path: "a.txt",
    author: "C",
    grep: "o",
    start_timestamp: "2001-01-01",
    end_timestamp: "now",
  },
  git_show: { revision: "HEAD", paths: ["a.txt"] },
  git_blame: { path: "a.txt", revision: "HEAD" },
  git_read_file: { path: "a.txt", revision: "HEAD" },
  git_list_files: { revision: "HEAD", path: "src" },
  git_search: { pattern: "1", revision: "HEAD", paths: ["a.txt"], regex: true },
  git_branch: { contains: "HEAD", not_contains: "HEAD", merged: "HEAD" },
  git_list_tags: { pattern: "v*", contains: "HEAD" },
  git_merge_base: { left: "HEAD", right: "topic" },
  git_list_conflicts: { path: "a.txt" },
  git_init: { repo_path: "made", default_branch: "main" },
  git_add: { files: ["a.txt"] },
  git_reset: { paths: ["a.txt"], revision: "HEAD" },
  git_restore: { paths: ["a.txt"], source: "HEAD" },
  git_commit: { message: "m", allow_empty: true, expected_head: "0", author: "A <a@b.test>" },
  git_draft_commit_message: { style: "short" },
  git_create_branch: { branch_name: "made", base_branch: "HEAD" },
  git_delete_branch: { branch_name: "made" },
  git_rename_branch: { branch_name: "made", new_name: "made2" },
  git_checkout: { branch_name: "main", start_point: "HEAD", create: true },
  git_tag: { tag_name: "made", revision: "HEAD", message: "m", force: true },
  git_stash: { message: "m", paths: ["a.txt"] },
  git_merge: { branch: "topic", message: "m" },
  git_cherry_pick: { commits: ["topic"] },
  git_revert: { commits: ["HEAD"] },
  git_rebase: { upstream: "main", onto: "main" },
  git_clone: { url: "https://127.0.0.1:1/x", path: "cloned", branch: "main" },
  git_fetch: { remote: "origin" },
  git_pull: { remote: "origin", branch: "main" },
  git_push: { remote: "origin", refspec: "main", delete_branch: "made", force_with_lease: "0".repeat(40) },
  git_remote: { action: "add", name: "made", url: "https://127.0.0.1:1/x", new_name: "made2" },
};

let target: Attacked;
beforeEach(async () => {
  target = await attacked();
  writeFileSync(join(target.repo, "untracked"), "u\n");
  symlinkSync("../outside/secret", join(target.repo, "link"));
  symlinkSync("../outside", join(target.repo, "dirlink"));
});

/** What an answer shows that none may show; a refusal has to be one of the codes that callers know. */
function harmIn({ code, line }: Answer): string[] {
  return [
    ...(code === undefined || /^(?!INTERNAL)[A-Z_]+$|^protocol -32602$/.test(code) ? [] : [code]),
    ...[SECRET, "root:x:"].filter((words) => line.includes(words)),
  ];
}

describeGit("arguments that mean harm", () => {
  it("are refused or taken for what they are, by every tool", async () => {
    const before = fingerprint(target.outside);
    const server = await target.serve("--tools", Object.keys(PLAIN).join(","));
    const listed = (await server.bin.request("tools/list")).result?.tools as ListedTool[];
    expect(listed.map(({ name }) => name).sort()).toEqual(Object.keys(PLAIN).sort());
    const harms: string[] = [];
    for (const { name, inputSchema } of listed) {
      for (const [field, { type }] of Object.entries(inputSchema.properties)) {
        if (type !== "string" && type !== "array") continue;
        const calls = EVIL.map(async (evil) => {
          const answer = await server.call(name, { ...PLAIN[name], [field]: type === "array" ? [evil] : evil });
          for (const harm of harmIn(answer))
            harms.push(`${name} ${field} ${JSON.stringify(evil).slice(0, 80)}: ${harm}`);
        });
        const t0 = Date.now();
        await Promise.all(calls);
        if (Date.now() - t0 > 400) console.log(name, field, Date.now() - t0);
      }
    }
    for (const evil of EVIL) {
      for (const answer of await readOthers(server, evil)) {
        for (const harm of harmIn(answer)) harms.push(`${JSON.stringify(evil).slice(0, 80)}: ${harm}`);
      }
    }
    expect(harms).toEqual([]);
    expect(fingerprint(target.outside)).toEqual(before);
    expect(readdirSync(target.base).sort()).toEqual(["home", "outside", "preload.mjs", "programs", "served"]);
    expect(target.started()).toEqual([]);
    expect(git(target.repo, "fsck", "--strict", "--no-dangling")).toBe("");
    git(target.repo, "status");
    const names = git(target.repo, "for-each-ref", "--format=%(refname)").split("\n");
    for (const ref of names) git(target.repo, "check-ref-format", ref);
    expect(readFileSync(join(target.repo, ".git/config"), "utf8")).not.toContain("pager");
  }, 60_000);
});

/** Asks for resources, prompts and completions of that name. */
function readOthers({ bin }: Served, evil: string): Promise<Answer[]> {
  const uris = ["log/", "commit/", "diff/", "blob/HEAD/", "blob/", "tree/"].map((kind) => `git://served/${kind}`);
  const ref = { type: "ref/resource", uri: "git://{repo}/blob/{rev}/{+path}" };
  const requests: [string, Record<string, unknown>][] = [
    ["resources/read", { uri: `git://${evil}/status` }],
    ...uris.flatMap((uri): [string, Record<string, unknown>][] => [
      ["resources/read", { uri: `${uri}${evil}` }],
      ["resources/read", { uri: `${uri}${encodeURIComponent(evil.toWellFormed())}` }],
    ]),
    ["prompts/get", { name: "changelog", arguments: { from: evil } }],
    ["prompts/get", { name: "code_review", arguments: { range: evil } }],
    ...["repo", "rev", "path"].map((name): [string, Record<string, unknown>] => [
      "completion/complete",
      { ref, argument: { name, value: evil }, context: { arguments: { repo: "served", rev: evil } } },
    ]),
  ];
  return Promise.all(
    requests.map(async ([method, params]) => {
      const response = await bin.request(method, params);
      const code = response.error && `protocol ${response.error.code}`;
      return { code, line: JSON.stringify(response), text: "" };
    }),
  );
}

interface ListedTool {
  readonly name: string;
  readonly inputSchema: { readonly properties: Record<string, { readonly type: string }> };
}
