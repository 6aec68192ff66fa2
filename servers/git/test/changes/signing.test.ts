import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describeGit, git, gitBytes } from "@mcp-reference/testing";
import { afterEach, expect, it, vi } from "vitest";
import { commit } from "../../src/changes/commit/commit.js";
import { createTag } from "../../src/changes/tags/tags.js";
import { MOMENT, twins } from "./twins.js";

/** In CI it has to be there: `execFileSync` says what is missing. */
const hasKeygen = (() => {
  if (process.env.CI) return true;
  try {
    execFileSync("ssh-keygen", ["-?"], { stdio: "ignore" });
    return true;
  } catch (error) {
    return error instanceof Error && !("code" in error && error.code === "ENOENT");
  }
})();

/** In the user's own config, which lies beside the repository. */
const chooseKey = (dir: string, key: string) =>
  writeFileSync(path.join(dir, "../gitconfig"), `[user]\n\tsigningkey = ${key}\n`);

const withKey = async (args: readonly string[], format: readonly string[] = []) => {
  const t = await twins((dir) => {
    const key = path.join(dir, "../key");
    execFileSync("ssh-keygen", ["-q", "-N", "", "-C", "w", "-f", key, ...args, ...format]);
    git(dir, "config", "gpg.format", "ssh");
    git(dir, "config", "commit.gpgsign", "true");
    git(dir, "config", "tag.gpgsign", "true");
    git(dir, "config", "user.signingkey", `${key}.pub`);
    chooseKey(dir, `${key}.pub`);
    vi.stubEnv("GIT_CONFIG_GLOBAL", path.join(dir, "../gitconfig"));
    writeFileSync(path.join(dir, "../signers"), `committer@example.com ${readFileSync(`${key}.pub`, "utf8")}`);
    git(dir, "config", "gpg.ssh.allowedSignersFile", path.join(dir, "../signers"));
  });
  return t;
};

afterEach(() => {
  vi.unstubAllEnvs();
});

describeGit("signing", () => {
  it.runIf(hasKeygen).each([
    ["ed25519", ["-t", "ed25519"], []],
    ["RSA", ["-t", "rsa", "-b", "2048"], []],
    ["RSA in PEM", ["-t", "rsa", "-b", "2048"], ["-m", "PEM"]],
    ["P-256", ["-t", "ecdsa", "-b", "256"], []],
    ["P-384", ["-t", "ecdsa", "-b", "384"], []],
    ["P-521", ["-t", "ecdsa", "-b", "521"], []],
    ["P-256 in PKCS8", ["-t", "ecdsa", "-b", "256"], ["-m", "PKCS8"]],
  ])("signs commits and tags with %s so that git verifies them", async (_name, args, format) => {
    const t = await withKey(args, format);
    for (let round = 0; round < 3; round++) {
      await commit(t.repo, { message: `signed ${round}`, allowEmpty: true, moment: MOMENT });
      expect(git(t.ours, "log", "-1", "--format=%G?")).toBe("G");
    }
    createTag(t.repo, { name: "v1", message: "signed", moment: MOMENT });
    gitBytes(t.ours, ["verify-tag", "v1"]);
    expect(git(t.ours, "fsck", "--strict")).toBe("");
  });

  it.runIf(hasKeygen)("makes the very bytes that git makes with ed25519", async () => {
    const t = await withKey(["-t", "ed25519"]);
    t.git("commit", "-q", "--allow-empty", "-m", "x");
    const author = { name: "A U Thor", email: "author@example.com" };
    const { oid } = await commit(t.repo, { message: "x", allowEmpty: true, author, moment: MOMENT });
    expect(oid).toBe(git(t.theirs, "rev-parse", "HEAD"));
  });

  it.runIf(hasKeygen)("says so where it cannot sign, and goes on only when told to", async () => {
    const cases: ((dir: string) => void)[] = [
      (dir) => git(dir, "config", "gpg.format", "openpgp"),
      (dir) => chooseKey(dir, "/nonexistent"),
      (dir) => chooseKey(dir, "key::ssh-ed25519 AAAA"),
      // What is left is the key that the repository's own config names.
      (dir) => writeFileSync(path.join(dir, "../gitconfig"), ""),
      (dir) => writeFileSync(path.join(dir, "../key"), "secret words"),
      (dir) => void execFileSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", "phrase", "-f", path.join(dir, "../key")]),
    ];
    for (const spoil of cases) {
      const t = await withKey(["-t", "ed25519"]);
      spoil(t.ours);
      t.repo.refresh();
      const failure = await commit(t.repo, { message: "x", allowEmpty: true }).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: "UNSUPPORTED" });
      expect(String(failure)).not.toContain("secret words");
      await commit(t.repo, { message: "x", allowEmpty: true, sign: false });
      expect(git(t.ours, "log", "-1", "--format=%G?")).toBe("N");
    }
  });
});
