import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeGit, git, gitBytes } from "@mcp-reference/testing";
import { expect, it, test } from "vitest";
import { type Attacked, attacked, bin } from "./attacked.js";

/** Every setting of git that names a program, or a place to find some. */
const CONFIG = `
[core]
	fsmonitor = trap
	sshCommand = trap
	gitProxy = trap
	pager = trap
	editor = trap
	askPass = trap
	hooksPath = HOOKS
	alternateRefsCommand = trap
[pager]
	status = trap
	log = trap
[gpg]
	program = trap
	format = openpgp
[gpg "ssh"]
	program = trap
	defaultKeyCommand = trap
[gpg "x509"]
	program = trap
[tag]
	gpgSign = true
[commit]
	gpgSign = true
[user]
	signingKey = x
[filter "run"]
	clean = trap
	smudge = trap
	process = trap
	required = true
[diff "run"]
	textconv = trap
	command = trap
	cachetextconv = true
[diff]
	external = trap
[merge "run"]
	driver = trap %O %A %B
	recursive = run
[merge]
	default = run
[mergetool "run"]
	cmd = trap
[credential]
	helper = !trap
[remote "origin"]
	url = ext::trap %S
	uploadpack = trap
	receivepack = trap
	vcs = ext
[remote "ssh"]
	url = ssh://-oProxyCommand=trap/x
[remote "file"]
	url = OUTSIDE
[remote "rewritten"]
	url = https://host.invalid/
[url "ext::trap "]
	insteadOf = https://host.invalid/
	pushInsteadOf = https://host.invalid/
[protocol]
	allow = always
[branch "main"]
	remote = origin
	merge = refs/heads/main
[submodule "sub"]
	url = ext::trap
	update = !trap
	active = true
[alias]
	status = !trap
	log = !trap
[init]
	templateDir = HOOKS
[uploadpack]
	packObjectsHook = trap
[sequence]
	editor = trap
[interactive]
	diffFilter = trap
[trailer "x"]
	command = trap
	cmd = trap
[http]
	proxy = http://127.0.0.1:1
	sslCAInfo = trap
[gc]
	auto = 1
[maintenance]
	auto = true
[browser "x"]
	cmd = trap
[man "x"]
	cmd = trap
[sendemail]
	toCmd = trap
	smtpServer = trap
[imap]
	tunnel = trap
[receive]
	procReceiveRefs = refs
`;

function namePrograms({ repo, outside, programs }: Attacked): void {
  const hooks = join(repo, ".git/hooks");
  const names = ["commit-msg", "post-checkout", "post-commit", "post-index-change", "post-merge", "post-rewrite"];
  mkdirSync(hooks, { recursive: true });
  const run = readFileSync(join(programs, "trap"));
  for (const name of [
    ...names,
    "pre-commit",
    "pre-push",
    "pre-rebase",
    "prepare-commit-msg",
    "reference-transaction",
  ]) {
    writeFileSync(join(hooks, name), run);
    chmodSync(join(hooks, name), 0o755);
  }
  writeFileSync(join(repo, ".gitattributes"), "* filter=run diff=run merge=run\n");
  appendFileSync(join(repo, ".git/config"), CONFIG.replaceAll("HOOKS", hooks).replaceAll("OUTSIDE", outside));
}

const CALLS: [string, Record<string, unknown>][] = [
  ["git_status", {}],
  ["git_diff_unstaged", {}],
  ["git_diff_staged", {}],
  ["git_diff", { target: "v1" }],
  ["git_log", { path: "a.txt", follow: true, details: true }],
  ["git_show", { revision: "HEAD" }],
  ["git_blame", { path: "a.txt" }],
  ["git_read_file", { path: "a.txt" }],
  ["git_list_files", {}],
  ["git_search", { pattern: "1" }],
  ["git_search", { pattern: "1", in: "history" }],
  ["git_branch", { branch_type: "all" }],
  ["git_list_tags", {}],
  ["git_merge_base", { right: "topic" }],
  ["git_list_conflicts", {}],
  ["git_init", { repo_path: "made" }],
  ["git_add", { files: ["."] }],
  ["git_draft_commit_message", {}],
  ["git_commit", { message: "m", allow_empty: true }],
  ["git_commit", { message: "m", allow_empty: true, sign: false }],
  ["git_commit", { message: "n", amend: true, sign: false }],
  ["git_create_branch", { branch_name: "made" }],
  ["git_rename_branch", { branch_name: "made", new_name: "other" }],
  ["git_tag", { tag_name: "made", message: "m" }],
  ["git_checkout", { branch_name: "topic", force: true }],
  ["git_merge", { branch: "main", message: "m" }],
  ["git_merge", { action: "abort" }],
  ["git_stash", { include_untracked: true }],
  ["git_stash", { action: "pop" }],
  ["git_cherry_pick", { commits: ["main"] }],
  ["git_cherry_pick", { action: "abort" }],
  ["git_revert", { commits: ["v1"] }],
  ["git_revert", { action: "abort" }],
  ["git_rebase", { upstream: "main" }],
  ["git_rebase", { action: "abort" }],
  ["git_restore", { paths: ["."], source: "v1" }],
  ["git_reset", { mode: "hard" }],
  ["git_delete_branch", { branch_name: "other", force: true }],
  ...["origin", "ssh", "file", "rewritten", "ext::trap", "ssh://-oProxyCommand=trap/x", "-u"].flatMap(
    (remote): [string, Record<string, unknown>][] => [
      ["git_fetch", { remote }],
      ["git_pull", { remote, branch: "main" }],
      ["git_push", { remote, refspec: "main" }],
      ["git_clone", { url: remote, path: "cloned" }],
    ],
  ),
];

describeGit("programs that a repository names", () => {
  it("are traps that work", async () => {
    const target = await attacked();
    namePrograms(target);
    const path = `${process.env["PATH"]}:${target.programs}`;
    // It fails for what the traps answer, after it has started them.
    expect(() => gitBytes(target.repo, ["status"], { env: { PATH: path } })).toThrow();
    expect(target.started()).toContain("trap");
  });

  it("are not run by any tool", async () => {
    const target = await attacked();
    namePrograms(target);
    const server = await target.serve("--tools", "read,write,remote");
    const listed = (await server.bin.request("tools/list")).result?.tools as { name: string }[];
    const called = new Set([...CALLS.map(([name]) => name), "git_remote"]);
    expect([...called].sort()).toEqual(listed.map(({ name }) => name).sort());
    for (const [name, args] of CALLS) {
      const { code, line } = await server.call(name, args);
      expect(code, `${name} ${JSON.stringify(args)}: ${line}`).not.toBe("INTERNAL");
      expect(target.started(), name).toEqual([]);
    }
    expect((await server.call("git_remote", { action: "list" })).text).toContain("ext::trap");
    expect(await server.call("git_commit", { message: "m", allow_empty: true, sign: false })).toMatchObject({
      text: expect.stringContaining("pre-commit"),
    });
    expect(git(target.repo, "-c", "core.fsmonitor=false", "fsck", "--strict", "--no-dangling")).toBe("");
  });
});

test("the server has no way to start one", () => {
  const dist = fileURLToPath(new URL(".", bin));
  for (const name of readdirSync(dist).filter((each) => /\.c?js$/.test(each))) {
    const source = readFileSync(join(dist, name), "utf8");
    expect(source.match(/child_process|process\.binding|\bspawn_sync\b|execPath/g), name).toBeNull();
  }
});
