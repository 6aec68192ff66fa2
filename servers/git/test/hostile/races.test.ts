import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git } from "@mcp-reference/testing";
import { expect, it, onTestFinished } from "vitest";
import { attacked, fingerprint, SECRET } from "./attacked.js";

/** Has a directory, or a file, be a link to what lies outside half of the time. */
const SWAPPER = `
const { existsSync, renameSync, symlinkSync } = require("node:fs");
const [path, outside] = process.argv.slice(1);
symlinkSync(outside, path + ".link");
console.log("ready");
for (;;) {
  try {
    renameSync(path, path + ".real");
    renameSync(path + ".link", path);
    renameSync(path, path + ".link");
    renameSync(path + ".real", path);
  } catch {
    // The server has replaced or removed it: what is there now goes out of the way.
    if (!existsSync(path + ".link")) try { symlinkSync(outside, path + ".link"); } catch {}
  }
}`;

async function swapping(path: string, outside: string): Promise<void> {
  const swapper = spawn(process.execPath, ["-e", SWAPPER, path, outside], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void swapper.kill("SIGKILL"));
  await once(swapper.stdout, "data");
}

const HISTORY = `commit refs/heads/main
committer C <c@example.com> 1700000000 +0000
data 1
m
M 100644 inline d/secret
data 4
one

M 100644 inline d/e/secret
data 4
one

M 100644 inline f
data 4
one

commit refs/heads/topic
committer C <c@example.com> 1700000000 +0000
data 1
t
from refs/heads/main
M 100644 inline d/secret
data 4
two

M 100644 inline d/new
data 4
two

M 100644 inline d/e/secret
data 4
two

M 100644 inline f
data 4
two

`;

/** Of nine calls each, in each of which a path is looked at many times; more of them by hand. */
const ROUNDS = Number(process.env["RACE_ROUNDS"] ?? 8);

describeGit("links that are swapped in while the server works", () => {
  it.each(["d", "d/e", "f"])("lead no reader or writer outside: %s", async (what) => {
    const target = await attacked(HISTORY);
    const { repo, outside } = target;
    writeFileSync(join(outside, "e"), "a file outside\n");
    const before = fingerprint(outside);
    const server = await target.serve();
    await swapping(join(repo, what), what === "f" ? join(outside, "secret") : outside);
    const rounds: [string, Record<string, unknown>][] = [
      ["git_add", { files: ["."], force: true }],
      ["git_checkout", { branch_name: "topic", force: true }],
      ["git_diff_unstaged", {}],
      ["git_restore", { paths: ["."], source: "main" }],
      ["git_add", { files: ["d", "f"] }],
      ["git_status", { untracked: "all" }],
      ["git_checkout", { branch_name: "main", force: true }],
      ["git_reset", { mode: "hard", revision: "topic" }],
      ["git_stash", { include_untracked: true }],
    ];
    const codes = new Set<string | undefined>();
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, args] of rounds) {
        const { code, line } = await server.call(name, args);
        codes.add(code);
        expect(code, line).not.toBe("INTERNAL");
        expect(line).not.toContain(SECRET);
      }
    }
    expect(codes).toContain(undefined);
    expect(fingerprint(outside)).toEqual(before);
    expect(git(repo, "cat-file", "--batch-all-objects", "--batch")).not.toContain(SECRET);
  });
});

/** Locks that a killed process left: a user removes them, as the error says. */
function removeLocks(repo: string): void {
  const names = readdirSync(join(repo, ".git"), { recursive: true, encoding: "utf8" });
  for (const name of names) if (name.endsWith(".lock")) rmSync(join(repo, ".git", name));
}

function write(repo: string, name: string, text: string): void {
  writeFileSync(join(repo, name), text);
}

type Call = readonly [name: string, args: Record<string, unknown>];

describeGit("several servers, and servers that are killed", () => {
  it("20 clients that commit lose nothing", async () => {
    const target = await attacked();
    const { repo } = target;
    const servers = await Promise.all(Array.from({ length: 20 }, () => target.serve()));
    const started = git(repo, "rev-list", "--count", "HEAD");
    await Promise.all(
      servers.map(async ({ call }, n) => {
        write(repo, `w${n}`, `${n}\n`);
        await untilDone(() => call("git_add", { files: [`w${n}`] }));
        await untilDone(() => call("git_commit", { message: `w${n}`, allow_empty: true }));
      }),
    );
    expect(Number(git(repo, "rev-list", "--count", "HEAD"))).toBe(Number(started) + 20);
    const names = Array.from({ length: 20 }, (_, n) => `w${n}`);
    expect(git(repo, "ls-tree", "--name-only", "HEAD").split("\n")).toEqual(expect.arrayContaining(names));
    expect(git(repo, "status", "--porcelain")).toBe("");
    expect(git(repo, "fsck", "--strict", "--no-dangling")).toBe("");
  });

  it.each<[string, readonly Call[]]>([
    [
      "commit",
      [
        ["git_add", { files: ["."] }],
        ["git_commit", { message: "m", allow_empty: true }],
      ],
    ],
    ["checkout", ["topic", "main"].map((name): Call => ["git_checkout", { branch_name: name, force: true }])],
    [
      "merge",
      [
        ["git_merge", { branch: "topic", ff: "never" }],
        ["git_reset", { mode: "hard", revision: "HEAD~1" }],
      ],
    ],
    [
      "stash",
      [
        ["git_stash", { include_untracked: true }],
        ["git_stash", { action: "pop" }],
      ],
    ],
    [
      "rebase",
      [
        ["git_rebase", { upstream: "topic" }],
        ["git_reset", { mode: "hard", revision: "v1" }],
      ],
    ],
  ])("one killed during %s leaves what git accepts", async (_, calls) => {
    const target = await attacked();
    const { repo } = target;
    for (let round = 0; round < 5; round++) {
      const server = await target.serve();
      let answered = 0;
      const working = (async () => {
        for (;;) {
          write(repo, "untracked", `${answered}\n`);
          for (const [name, args] of calls) {
            await server.call(name, args);
            answered++;
          }
        }
      })().catch(() => "killed");
      // Each round it gets further before it is killed.
      while (answered < round) await new Promise(setImmediate);
      const until = performance.now() + round * 3;
      while (performance.now() < until) await new Promise(setImmediate);
      server.bin.kill("SIGKILL");
      await working;
      await server.bin.exit;
      removeLocks(repo);
      expect(git(repo, "fsck", "--strict", "--no-dangling")).toBe("");
      git(repo, "status");
      rmSync(join(repo, ".git/rebase-merge"), { recursive: true, force: true });
      git(repo, "checkout", "-qf", "main");
      git(repo, "reset", "-q", "--hard");
      expect(git(repo, "status", "--porcelain", "--untracked-files=no")).toBe("");
    }
  });

  it("tells in one line of a lock that was left behind", async () => {
    const target = await attacked();
    const server = await target.serve();
    const lock = join(target.repo, ".git/index.lock");
    writeFileSync(lock, "");
    const { code, text } = await server.call("git_add", { files: ["."] });
    expect(code).toBe("CONFLICT");
    expect(text.split("\n")).toHaveLength(1);
    expect(text).toContain(lock);
    expect(existsSync(lock)).toBe(true);
  });
});

/** Others hold the lock of the index for a while: the call says so, and is made again. */
async function untilDone(call: () => Promise<{ code: string | undefined; line: string }>): Promise<void> {
  for (;;) {
    const { code, line } = await call();
    if (code === undefined) return;
    expect(code, line).toBe("CONFLICT");
  }
}
