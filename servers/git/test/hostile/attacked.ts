import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { git, gitBytes, type SpawnedBin, spawnBin, tempDir } from "@mcp-reference/testing";

export const bin = new URL("../../dist/cli.js", import.meta.url);

/** What only files outside the served directory hold. */
export const SECRET = "canary-71c0e4f2";

/** A served repository, a directory beside it that must neither be read nor changed, and programs that must not run. */
export interface Attacked {
  /** The parent of all below. */
  readonly base: string;
  readonly repo: string;
  readonly outside: string;
  /** Programs by the names that git would start them by; each leaves a mark. */
  readonly programs: string;
  /** Names of the programs that were started. */
  started(): string[];
  /** Starts the bin where no other programs are to be found, and where starting any from Node leaves a mark too. */
  serve(...args: string[]): Promise<Served>;
}

/** The bin, called over the wire. */
export interface Served {
  readonly bin: SpawnedBin;
  call(name: string, args?: Record<string, unknown>): Promise<Answer>;
}

export interface Answer {
  /** Of the failed call; undefined where it went well. */
  readonly code: string | undefined;
  /** The whole response, as it came. */
  readonly line: string;
  readonly text: string;
}

const DIRECTORIES = ["served", "outside", "programs", "home"];

const NAMES = [
  "git",
  "sh",
  "bash",
  "ssh",
  "gpg",
  "ssh-keygen",
  "less",
  "vi",
  "trap",
  "env",
  "git-remote-ext",
  "git-lfs",
];

/** Two commits on main, one on topic, a tag; changed, staged and untracked files. */
const HISTORY = `commit refs/heads/main
mark :1
committer C <c@example.com> 1700000000 +0000
data 3
one
M 100644 inline a.txt
data 2
1
M 100644 inline src/deep/b.txt
data 4
1
2
commit refs/heads/topic
mark :2
committer C <c@example.com> 1700000100 +0000
data 5
topic
from :1
M 100644 inline t.txt
data 2
t
commit refs/heads/main
mark :3
committer C <c@example.com> 1700000200 +0000
data 3
two
from :1
M 100644 inline a.txt
data 2
2
reset refs/tags/v1
from :1
`;

export async function attacked(history = HISTORY): Promise<Attacked> {
  const base = await tempDir();
  const [repo, outside, programs, home] = DIRECTORIES.map((name) => join(base, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const dir of [repo, outside, programs, home]) mkdirSync(dir);
  writeFileSync(join(outside, "secret"), `${SECRET}\n`);
  git(outside, "init", "-q");
  git(repo, "init", "-q");
  if (history !== "") {
    gitBytes(repo, ["fast-import", "--quiet"], { input: history });
    git(repo, "reset", "-q", "--hard", "main");
  }
  const mark = join(base, "started");
  for (const name of NAMES) {
    writeFileSync(join(programs, name), `#!/bin/sh\necho ${name} >> ${mark}\n`);
    chmodSync(join(programs, name), 0o755);
  }
  const preload = join(base, "preload.mjs");
  writeFileSync(preload, preloadThatMarks(mark));
  return {
    base,
    repo,
    outside,
    programs,
    started: () => (existsSync(mark) ? readFileSync(mark, "utf8").trim().split("\n") : []),
    async serve(...args) {
      const started = spawnBin(bin, {
        args: ["--repository", repo, "--author", "A U Thor <author@example.com>", "--confirm", "never", ...args],
        env: { PATH: programs, HOME: home },
        cwd: repo,
        nodeArgs: ["--import", pathToFileURL(preload).href],
      });
      await started.initialize();
      return { bin: started, call: (name, given = {}) => call(started, name, given) };
    },
  };
}

/** Has every function of Node that starts a process leave a mark. */
const preloadThatMarks = (mark: string) => `
import childProcess from "node:child_process";
import { appendFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
for (const name of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"]) {
  childProcess[name] = () => {
    appendFileSync(${JSON.stringify(mark)}, name + "\\n");
    throw new Error("no process may be started");
  };
}
syncBuiltinESMExports();
`;

async function call(started: SpawnedBin, name: string, given: Record<string, unknown>): Promise<Answer> {
  const response = await started.request("tools/call", { name, arguments: given });
  const line = JSON.stringify(response);
  if (response.error) return { code: `protocol ${response.error.code}`, line, text: response.error.message };
  const { content, isError, _meta } = response.result as {
    content: { text?: string }[];
    isError?: boolean;
    _meta?: { error?: { code: string } };
  };
  const text = content.map((block) => block.text ?? "").join("\n");
  return { code: isError ? (_meta?.error?.code ?? "no code") : undefined, line, text };
}

/** Every path below a directory with what is there, to find out whether anything was changed. */
export function fingerprint(dir: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
    const path = join(dir, name);
    const stats = lstatSync(path);
    const kind = stats.mode.toString(8);
    if (stats.isSymbolicLink()) found[name] = `${kind} ${readlinkSync(path)}`;
    else found[name] = stats.isFile() ? `${kind} ${readFileSync(path, "latin1")}` : kind;
  }
  return found;
}
