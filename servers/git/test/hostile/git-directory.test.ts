import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describeGit, git } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { type Answer, type Attacked, attacked, fingerprint, SECRET, type Served } from "./attacked.js";

/** Does harm to a repository; `outside` must not be reached from it. */
type Harm = (repo: string, outside: string) => void;

const within = (repo: string, path: string) => join(repo, ".git", path);
const put = (path: string, content: string | Buffer) => {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { recursive: true, force: true });
  writeFileSync(path, content);
};
const link = (target: string, path: string) => {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
};
const pipe = (path: string) => {
  rmSync(path, { recursive: true, force: true });
  execFileSync("mkfifo", [path]);
};
const config = (lines: string) => (repo: string, outside: string) =>
  appendFileSync(within(repo, "config"), `\n${lines.replaceAll("OUTSIDE", outside)}\n`);

/** Where git keeps something that could be a link to elsewhere. */
const PARTS = [
  "HEAD",
  "index",
  "config",
  "packed-refs",
  "refs",
  "refs/heads",
  "refs/heads/main",
  "objects",
  "objects/pack",
  "objects/info",
  "logs",
  "logs/HEAD",
  "hooks",
  "info",
  "info/exclude",
  "info/attributes",
  "shallow",
  "MERGE_HEAD",
  "MERGE_MSG",
  "ORIG_HEAD",
  "FETCH_HEAD",
  "sequencer",
  "rebase-merge",
  "config.worktree",
];

const HARMS: Record<string, Harm> = {
  "a .git file that leads outside": (repo, outside) => {
    rmSync(join(repo, ".git"), { recursive: true });
    writeFileSync(join(repo, ".git"), `gitdir: ${outside}/.git\n`);
  },
  "a .git that is a link": (repo, outside) => link(join(outside, ".git"), join(repo, ".git")),
  "a .git file that leads to itself": (repo) => put(join(repo, ".git"), "gitdir: .git\n"),
  "a .git file of nothing but zeros": (repo) => put(join(repo, ".git"), Buffer.alloc(1000)),
  "a commondir outside": (repo, outside) => put(within(repo, "commondir"), `${outside}/.git\n`),
  "a commondir relative to outside": (repo) => put(within(repo, "commondir"), "../../../outside/.git\n"),
  "a gitdir outside": (repo, outside) => put(within(repo, "gitdir"), `${outside}/.git\n`),
  "an alternate outside": (repo, outside) => put(within(repo, "objects/info/alternates"), `${outside}/.git/objects\n`),
  "an alternate that is itself": (repo) => put(within(repo, "objects/info/alternates"), "../objects\n.\n"),
  "alternates without number": (repo) =>
    put(within(repo, "objects/info/alternates"), Array.from({ length: 5000 }, (_, n) => `../${n}\n`).join("")),
  "a worktree outside": (repo, outside) => {
    put(within(repo, "worktrees/x/gitdir"), `${outside}/.git\n`);
    put(within(repo, "worktrees/x/HEAD"), "ref: refs/heads/topic\n");
    put(within(repo, "worktrees/x/commondir"), "../..\n");
  },
  "core.worktree /": config("[core]\n\tworktree = /"),
  "core.worktree outside": config("[core]\n\tworktree = OUTSIDE"),
  "an include of what lies outside": config("[include]\n\tpath = OUTSIDE/secret\n[include]\n\tpath = /etc/passwd"),
  "an include that includes itself": config("[include]\n\tpath = config"),
  "an excludes file outside": config("[core]\n\texcludesFile = OUTSIDE/secret\n\tattributesFile = OUTSIDE/secret"),
  "a signing key outside": config(
    "[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = OUTSIDE/secret\n[commit]\n\tgpgSign = true\n[tag]\n\tgpgSign = true",
  ),
  "a commit template outside": config("[commit]\n\ttemplate = OUTSIDE/secret"),
  "mailmap and grafts outside": (repo, outside) => {
    config("[mailmap]\n\tfile = OUTSIDE/secret\n[blame]\n\tignoreRevsFile = OUTSIDE/secret")(repo, outside);
    link(join(outside, "secret"), within(repo, "info/grafts"));
    link(join(outside, "secret"), join(repo, ".mailmap"));
  },
  "a config of ten megabytes": (repo) => put(within(repo, "config"), "[a]\n".repeat(2_500_000)),
  "a config of one endless line": (repo) => put(within(repo, "config"), `[core]\nx = ${"\\\n".repeat(400_000)}`),
  "a HEAD that leads up": (repo) => put(within(repo, "HEAD"), "ref: refs/heads/../../../../outside/secret\n"),
  "a HEAD that leads in a circle": (repo) => put(within(repo, "HEAD"), "ref: HEAD\n"),
  "a branch that leads to files": (repo) => put(within(repo, "refs/heads/main"), "ref: ../outside/secret\n"),
  "branches that lead in a circle": (repo) => {
    put(within(repo, "refs/heads/main"), "ref: refs/heads/topic\n");
    put(within(repo, "refs/heads/topic"), "ref: refs/heads/main\n");
  },
  "a packed-refs of nonsense": (repo) =>
    put(within(repo, "packed-refs"), `${"0".repeat(40)} refs/heads/../../config\n^^^\n${"z".repeat(300_000)}`),
  "an index of nonsense": (repo) => put(within(repo, "index"), Buffer.alloc(5000, "DIRC\0\0\0\x02\xff\xff\xff\xff")),
  "a directory as everything": (repo) => {
    for (const name of ["index", "packed-refs", "info/exclude", "logs/HEAD", "MERGE_HEAD", "shallow"]) {
      rmSync(within(repo, name), { force: true });
      mkdirSync(within(repo, name), { recursive: true });
    }
  },
  "a lock that is a link": (repo, outside) => {
    link(join(outside, "made"), within(repo, "index.lock"));
    link(join(outside, "made"), within(repo, "HEAD.lock"));
  },
  "hooks that are links": (repo) => {
    for (const hook of ["pre-commit", "post-checkout", "reference-transaction", "post-merge"]) {
      put(within(repo, `hooks/${hook}`), "#!/bin/sh\ntrap-started\n");
      chmodSync(within(repo, `hooks/${hook}`), 0o755);
    }
  },
  "an ignore file that is a link outside": (repo) => {
    link("../../outside/secret", join(repo, ".gitignore"));
    link("../../outside/secret", join(repo, ".gitattributes"));
    link("../../outside/secret", join(repo, ".gitmodules"));
  },
  "a submodule with its repository outside": (repo, outside) => {
    git(repo, "update-index", "--add", "--cacheinfo", `160000,${git(repo, "rev-parse", "HEAD")},sub`);
    put(join(repo, "sub/.git"), `gitdir: ${outside}/.git\n`);
    put(join(repo, ".gitmodules"), '[submodule "../../x"]\n\tpath = sub\n\turl = ext::trap\n\tupdate = !trap\n');
  },
  "a submodule that is a link": (repo, outside) => {
    git(repo, "update-index", "--add", "--cacheinfo", `160000,${git(repo, "rev-parse", "HEAD")},sub`);
    symlinkSync(outside, join(repo, "sub"));
  },
  "a directory that became a link": (repo, outside) => {
    rmSync(join(repo, "src"), { recursive: true });
    symlinkSync(outside, join(repo, "src"));
  },
  "a repository among the files, with a config of its own": (repo, outside) => {
    cpSync(join(repo, ".git"), join(repo, "nested/.git"), { recursive: true });
    config("[core]\n\tworktree = OUTSIDE\n\tfsmonitor = trap")(join(repo, "nested"), outside);
  },
  "pipes among the files": (repo) => {
    for (const name of ["a.txt", ".gitignore", ".gitattributes", ".gitmodules", "untracked", "src/.gitignore"]) {
      pipe(join(repo, name));
    }
  },
  ...Object.fromEntries(
    PARTS.flatMap((part): [string, Harm][] => [
      [`${part} that is a link outside`, (repo, outside) => link(join(outside, "secret"), within(repo, part))],
      [
        `${part} that is a link to a directory outside`,
        (repo, outside) => {
          if (existsSync(within(repo, part))) {
            rmSync(join(outside, "moved"), { recursive: true, force: true });
            renameSync(within(repo, part), join(outside, "moved"));
          }
          link(existsSync(join(outside, "moved")) ? join(outside, "moved") : outside, within(repo, part));
        },
      ],
      [
        `${part} that is a pipe`,
        (repo) => {
          mkdirSync(dirname(within(repo, part)), { recursive: true });
          pipe(within(repo, part));
        },
      ],
    ]),
  ),
};

/** One call of every kind of reader and writer. */
const CALLS: [string, Record<string, unknown>][] = [
  ["git_status", { ignored: true, untracked: "all" }],
  ["git_log", { path: "a.txt", follow: true }],
  ["git_diff", { target: "HEAD~1" }],
  ["git_diff_unstaged", {}],
  ["git_diff_staged", {}],
  ["git_show", { revision: "HEAD" }],
  ["git_blame", { path: "a.txt" }],
  ["git_read_file", { path: "src/secret" }],
  ["git_list_files", {}],
  ["git_search", { pattern: "1" }],
  ["git_branch", { branch_type: "all" }],
  ["git_list_tags", {}],
  ["git_list_conflicts", {}],
  ["git_add", { files: ["."] }],
  ["git_commit", { message: "m", allow_empty: true }],
  ["git_create_branch", { branch_name: "made" }],
  ["git_tag", { tag_name: "made", message: "m" }],
  ["git_checkout", { branch_name: "topic", force: true }],
  ["git_merge", { branch: "main" }],
  ["git_stash", { include_untracked: true }],
  ["git_stash", { action: "pop" }],
  ["git_cherry_pick", { commits: ["main"] }],
  ["git_rebase", { upstream: "v1" }],
  ["git_restore", { paths: ["."], source: "v1" }],
  ["git_reset", { mode: "hard", revision: "v1" }],
  ["git_delete_branch", { branch_name: "made", force: true }],
];

/** Of a sound repository these have nothing to do or to show. */
const EMPTY_HANDED = new Set(["git_read_file", "git_cherry_pick", "git_stash"]);

/** What was answered to each call on a repository of its own. */
async function answersAfter(harm: Harm, { repo, outside }: Attacked, server: Served): Promise<[string, Answer][]> {
  const victim = join(repo, "victim");
  rmSync(victim, { recursive: true, force: true });
  cpSync(join(repo, "whole"), victim, { recursive: true, preserveTimestamps: true });
  harm(victim, outside);
  const before = fingerprint(outside);
  const answers: [string, Answer][] = [];
  for (const [name, args] of CALLS) answers.push([name, await server.call(name, { repo_path: "victim", ...args })]);
  expect(fingerprint(outside)).toEqual(before);
  return answers;
}

const isHarmful = ({ code, line }: Answer): boolean =>
  /^(INTERNAL|TIMEOUT|protocol.*)$/.test(code ?? "") || line.includes(SECRET) || line.includes("root:x:");

describeGit("a git directory that means harm", () => {
  it("leads nowhere outside, starts nothing, and holds nothing up", async () => {
    const target = await attacked();
    const whole = join(target.repo, "whole");
    mkdirSync(whole);
    for (const name of [".git", "a.txt", "src"]) renameSync(join(target.repo, name), join(whole, name));
    const server = await target.serve("--timeout", "10");
    for (const [name, { code, text }] of await answersAfter(() => {}, target, server)) {
      if (!EMPTY_HANDED.has(name)) expect(code, `${name} of a sound repository: ${text}`).toBeUndefined();
    }
    const harmful: Record<string, string[]> = {};
    for (const [what, harm] of Object.entries(HARMS)) {
      const answers = await answersAfter(harm, target, server);
      const found = answers.filter(([, answer]) => isHarmful(answer)).map(([name, { line }]) => `${name}: ${line}`);
      if (found.length > 0) harmful[what] = found;
    }
    expect(harmful).toEqual({});
    expect(target.started()).toEqual([]);
    expect(readFileSync(join(target.outside, "secret"), "utf8")).toContain(SECRET);
  }, 60_000);
});
