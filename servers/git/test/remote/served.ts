import { join } from "node:path";
import { createUrlGuard } from "@mcp-reference/security";
import { type GitHttp, type GitHttpOptions, git, gitBytes, startGitHttp, tempDir } from "@mcp-reference/testing";
import { onTestFinished, vi } from "vitest";
import { reflogIdentity } from "../../src/changes/identity.js";
import { Credentials, type HostCredentials } from "../../src/remote/access/credentials.js";
import type { RemoteAccess } from "../../src/remote/access/remote-access.js";
import { cloneRepository } from "../../src/remote/sync/clone.js";
import { openRepository } from "../../src/repository/open-repository.js";
import type { Repository } from "../../src/repository/repository.js";

/** A bare repository behind git's own server, and a folder to work in. */
export interface Served {
  readonly server: GitHttp;
  readonly url: string;
  /** The bare repository `a.git`. */
  readonly bare: string;
  /** Empty, for clones. */
  readonly dir: string;
}

/** Two branches, a merge, a link, an executable, a nested directory, annotated and plain tags. */
const HISTORY = `reset refs/heads/main
commit refs/heads/main
mark :1
committer a <a@b.test> 1700000000 +0000
data 3
one
M 100644 inline a.txt
data 2
1
M 100755 inline bin/run
data 3
run
M 120000 inline link
data 5
a.txt
commit refs/heads/topic
mark :2
committer a <a@b.test> 1700000100 +0000
data 3
two
from :1
M 100644 inline dir/deep/b.txt
data 2
2
commit refs/heads/main
mark :3
committer a <a@b.test> 1700000200 +0000
data 5
merge
from :1
merge :2
M 100644 inline a.txt
data 2
3
M 100644 inline dir/deep/b.txt
data 2
2
reset refs/tags/plain
from :1
tag v1.0
from :3
tagger a <a@b.test> 1700000300 +0000
data 7
release
`;

export async function serve(options: Omit<GitHttpOptions, "root"> = {}, history = HISTORY): Promise<Served> {
  const root = await tempDir();
  const bare = join(root, "a.git");
  git(root, "init", "-q", "--bare", "a.git");
  if (history !== "") gitBytes(bare, ["fast-import", "--quiet"], { input: history });
  const server = await startGitHttp({ root, ...options });
  return { server, url: `${server.url}/a.git`, bare, dir: await tempDir() };
}

/** Loopback is reached only because it is allowed here. */
export function accessTo(
  { server }: Served,
  credentials: readonly Partial<HostCredentials>[] = [],
  maxPack = 2 ** 30,
): RemoteAccess {
  const guard = createUrlGuard({ allowPrivateHosts: ["127.0.0.1"] });
  const all = credentials.map((each) => ({ host: server.url, secret: "", ...each }));
  const access = { guard, credentials: new Credentials(all), maxPack, close: () => guard.close() };
  onTestFinished(() => access.close());
  return access;
}

export function open(path: string): Repository {
  const repo = openRepository(path, { paths: [path] });
  onTestFinished(() => repo.close());
  return repo;
}

/** A clone by this server's own code. */
export async function clonedFrom(
  served: Served,
  name = "copy",
): Promise<{ repo: Repository; path: string; access: RemoteAccess }> {
  const access = accessTo(served);
  const path = join(served.dir, name);
  await cloneRepository(access, { url: served.url, path, roots: { paths: [served.dir] } });
  return { repo: open(path), path, access };
}

export const whoIn = (repo: Repository) => reflogIdentity(repo.config);

/** A commit on a branch of a bare repository; made by git, which knows nothing of us. */
export function commitTo(bare: string, branch: string, file: string, content: string, ...from: string[]): string {
  const start = from[0] ?? `refs/heads/${branch}^0`;
  const input = `commit refs/heads/${branch}\ncommitter a <a@b.test> 1700001000 +0000\ndata 1\nx\nfrom ${start}\nM 100644 inline ${file}\ndata ${content.length}\n${content}\n`;
  gitBytes(bare, ["fast-import", "--quiet", "--force"], { input });
  return git(bare, "rev-parse", branch);
}

/** Everything that is to be the same in two clones. */
export const stateOf = (path: string) => ({
  refs: git(path, "for-each-ref", "--format=%(refname) %(objectname) %(symref)"),
  head: git(path, "symbolic-ref", "-q", "HEAD"),
  status: git(path, "status", "--porcelain=v2", "--branch"),
  files: git(path, "ls-files", "-s"),
});

/** Waits until the server has been asked for something. @param from how many requests came before */
export const asked = (server: GitHttp, request: RegExp, from = 0): Promise<void> =>
  vi.waitFor(() => {
    if (!server.requests.slice(from).some(({ line }) => request.test(line))) throw new Error("not asked yet");
  }, 10_000);
