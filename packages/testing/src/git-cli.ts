import { execFileSync } from "node:child_process";
import { describe } from "vitest";

const hasGit = (() => {
  try {
    execFileSync("git", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** A suite that needs git on this machine: the tests' oracle. Outside CI it is shown as skipped where there is none. */
export function describeGit(title: string, suite: () => void): void {
  describe.runIf(hasGit || process.env.CI)(hasGit ? title : `${title} (needs git: install it)`, suite);
}

/** No setting of this machine or its user reaches git; who commits, and when, is fixed. */
const ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  LC_ALL: "C",
  TZ: "UTC",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  GIT_AUTHOR_NAME: "A U Thor",
  GIT_AUTHOR_EMAIL: "author@example.com",
  GIT_AUTHOR_DATE: "1700000000 +0200",
  GIT_COMMITTER_NAME: "C O Mitter",
  GIT_COMMITTER_EMAIL: "committer@example.com",
  GIT_COMMITTER_DATE: "1700000000 +0200",
};

export interface GitOptions {
  input?: string | Uint8Array | undefined;
  env?: Record<string, string> | undefined;
}

/** Runs the git of this machine in `dir`. @returns the bytes it prints. @throws when it exits with another status than 0 */
export function gitBytes(dir: string, args: readonly string[], { input, env }: GitOptions = {}): Buffer {
  return execFileSync("git", ["-c", "init.defaultBranch=main", ...args], {
    cwd: dir,
    input,
    env: { ...ENVIRONMENT, ...env },
    stdio: ["pipe", "pipe", "pipe"],
    maxBuffer: 2 ** 30,
  });
}

/** As {@link gitBytes}: what it prints as text, without the last line feed. */
export const git = (dir: string, ...args: string[]): string => gitBytes(dir, args).toString().replace(/\n$/, "");
