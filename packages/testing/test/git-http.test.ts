import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { describeGit, git, startGitHttp, tempDir } from "../src/index.js";

/** Not `git()`, which would keep the server in this process from answering. */
async function clone(url: string, ...settings: string[]): Promise<string> {
  const target = await tempDir();
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", GIT_TERMINAL_PROMPT: "0" };
  await promisify(execFile)("git", [...settings, "clone", "-q", url, target], { env });
  return target;
}

async function served(): Promise<{ root: string; tip: string }> {
  const root = await tempDir();
  git(root, "init", "-q", "a");
  git(join(root, "a"), "commit", "-q", "--allow-empty", "-m", "one");
  git(root, "clone", "-q", "--bare", "a", "a.git");
  return { root, tip: git(join(root, "a"), "rev-parse", "HEAD") };
}

describeGit("a git server of tests", () => {
  test.each([0, 2] as const)("is cloned from and pushed to (protocol %i)", async (protocol) => {
    const { root, tip } = await served();
    const { url, requests } = await startGitHttp({ root, protocol });
    const copy = await clone(`${url}/a.git`);
    expect(git(copy, "rev-parse", "HEAD")).toBe(tip);
    await promisify(execFile)("git", ["push", "-q", "origin", "HEAD:refs/heads/new"], { cwd: copy });
    expect(git(join(root, "a.git"), "rev-parse", "new")).toBe(tip);
    expect(requests[0]?.line).toBe("GET /a.git/info/refs?service=git-upload-pack");
  });

  test("lets in who has the password or the token", async () => {
    const { root, tip } = await served();
    const basic = await startGitHttp({ root, auth: { basic: { user: "u", password: "p" } } });
    await expect(clone(`${basic.url}/a.git`)).rejects.toThrow();
    const copy = await clone(`${basic.url.replace("//", "//u:p@")}/a.git`);
    expect(git(copy, "rev-parse", "HEAD")).toBe(tip);
    const bearer = await startGitHttp({ root, auth: { bearer: "t" } });
    await clone(`${bearer.url}/a.git`, "-c", "http.extraHeader=Authorization: Bearer t");
    expect(bearer.requests[0]?.authorization).toBe("Bearer t");
  });

  test("fails as it is told to, and goes on afterwards", async () => {
    const { root } = await served();
    const server = await startGitHttp({ root });
    server.fail(/git-upload-pack$/, { cutAfter: 20 });
    await expect(clone(`${server.url}/a.git`)).rejects.toThrow();
    server.fail(/info\/refs/, { status: 503 });
    await expect(clone(`${server.url}/a.git`)).rejects.toThrow("503");
    server.fail(/^\/b\.git/, { redirect: `${server.url}/a.git/info/refs?service=git-upload-pack` });
    await clone(`${server.url}/b.git`);
    server.resume();
    await clone(`${server.url}/a.git`);
  });
});
