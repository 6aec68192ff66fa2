import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createUrlGuard } from "@mcp-reference/security";
import { describeGit, git } from "@mcp-reference/testing";
import { ToolError } from "@mcp-reference/validation";
import { expect, test } from "vitest";
import { type CloneRequest, cloneRepository } from "../../src/remote/sync/clone.js";
import { accessTo, asked, clonedFrom, commitTo, type Served, serve, stateOf } from "./served.js";

const withCode = (code: string) => expect.objectContaining({ code });

const clone = (served: Served, request: Partial<CloneRequest> = {}, access = accessTo(served)) =>
  cloneRepository(access, {
    url: served.url,
    path: join(served.dir, "copy"),
    roots: { paths: [served.dir] },
    ...request,
  });

describeGit("a clone", () => {
  test.each([0, 2] as const)("is the one that git makes (protocol %i)", async (protocol) => {
    const served = await serve({ protocol });
    const progress: string[] = [];
    const cloned = await clone(served, { onProgress: (_done, _total, what) => progress.push(what) });
    git(served.dir, "clone", "-q", `file://${served.bare}`, "gits");
    const [ours, gits] = [join(served.dir, "copy"), join(served.dir, "gits")];
    expect(stateOf(ours)).toEqual(stateOf(gits));
    expect(git(ours, "fsck", "--strict")).toBe("");
    expect(cloned).toMatchObject({
      url: served.url,
      branch: "main",
      files: 4,
      head: git(served.bare, "rev-parse", "main"),
    });
    expect(lstatSync(join(ours, "link")).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(ours, "bin/run")).mode & 0o111).not.toBe(0);
    expect(readFileSync(join(ours, "dir/deep/b.txt"), "utf8")).toBe("2\n");
    expect(git(ours, "config", "--list", "--local")).toContain(`remote.origin.url=${served.url}`);
    expect(git(ours, "reflog")).toContain("clone: from");
    expect(progress).toContain("bytes received");
    expect(readdirSync(join(ours, ".git/objects/pack")).filter((name) => name.startsWith("tmp"))).toEqual([]);
  });

  test.each([0, 2] as const)("can be shallow, and of one branch (protocol %i)", async (protocol) => {
    const served = await serve({ protocol });
    await clone(served, { depth: 1 });
    git(served.dir, "clone", "-q", "--depth=1", `file://${served.bare}`, "gits");
    const [ours, gits] = [join(served.dir, "copy"), join(served.dir, "gits")];
    expect(stateOf(ours)).toEqual(stateOf(gits));
    expect(readFileSync(join(ours, ".git/shallow"), "utf8")).toBe(readFileSync(join(gits, ".git/shallow"), "utf8"));
    expect(git(ours, "rev-list", "--count", "HEAD")).toBe("1");
    expect(git(ours, "fsck", "--strict")).toBe("");
  });

  test("can be of another branch, or of a tag", async () => {
    const served = await serve();
    await clone(served, { branch: "topic", singleBranch: true });
    git(served.dir, "clone", "-q", "-b", "topic", "--single-branch", `file://${served.bare}`, "gits");
    expect(stateOf(join(served.dir, "copy"))).toEqual(stateOf(join(served.dir, "gits")));
    const path = join(served.dir, "tagged");
    expect(await clone(served, { path, branch: "v1.0" })).toMatchObject({ branch: "v1.0" });
    expect(git(path, "rev-parse", "HEAD")).toBe(git(served.bare, "rev-parse", "v1.0^{}"));
    expect(() => git(path, "symbolic-ref", "-q", "HEAD")).toThrow();
    await expect(clone(served, { path: join(served.dir, "x"), branch: "nope" })).rejects.toThrow(withCode("NOT_FOUND"));
  });

  test("of an empty repository is empty, on the same branch", async () => {
    const served = await serve({}, "");
    git(served.bare, "symbolic-ref", "HEAD", "refs/heads/trunk");
    expect(await clone(served)).toMatchObject({ branch: undefined, files: 0 });
    expect(git(join(served.dir, "copy"), "symbolic-ref", "HEAD")).toBe("refs/heads/trunk");
  });

  test("goes into an empty directory and into no other", async () => {
    const served = await serve();
    const path = join(served.dir, "copy");
    mkdirSync(path);
    await clone(served);
    await expect(clone(served)).rejects.toThrow(withCode("ALREADY_EXISTS"));
    writeFileSync(join(served.dir, "file"), "");
    await expect(clone(served, { path: join(served.dir, "file") })).rejects.toThrow(withCode("ALREADY_EXISTS"));
    symlinkSync(served.bare, join(served.dir, "link"));
    await expect(clone(served, { path: join(served.dir, "link") })).rejects.toThrow(withCode("ALREADY_EXISTS"));
    await expect(clone(served, { path: join(served.dir, "no/where") })).rejects.toThrow(withCode("NOT_FOUND"));
  });
});

describeGit("a clone that fails", () => {
  test("since it would go into a git directory leaves nothing there", async () => {
    const served = await serve();
    git(served.dir, "init", "-q", "repo");
    git(served.dir, "init", "-q", "--bare", "bare");
    mkdirSync(join(served.dir, "bare/new"));
    for (const path of [
      "repo/.git/hooks",
      "repo/.git/x",
      "repo/.git",
      "repo/.GIT",
      "repo/git~1",
      "bare/hooks",
      "bare/new",
      "bare/new/x",
    ]) {
      await expect(clone(served, { path: join(served.dir, path) }), path).rejects.toThrow(
        withCode("PERMISSION_DENIED"),
      );
    }
    expect(readdirSync(join(served.dir, "bare/new"))).toEqual([]);
    expect(existsSync(join(served.dir, "repo/.git/x"))).toBe(false);
  });

  test.each([
    ["is cut off", "UNAVAILABLE", { cutAfter: 300 }],
    ["is cut off in the pack", "UNAVAILABLE", { cutAfter: 500 }],
    ["is refused", "UNAVAILABLE", { status: 503 }],
    ["is limited", "RATE_LIMITED", { status: 429 }],
  ])("since it %s leaves nothing", async (_how, code, fault) => {
    // In protocol 0 there is one exchange after the refs: the pack.
    const served = await serve({ protocol: 0 });
    served.server.fail(/\/git-upload-pack$/, fault);
    await expect(clone(served)).rejects.toThrow(withCode(code));
    expect(readdirSync(served.dir)).toEqual([]);
    mkdirSync(join(served.dir, "copy"));
    await expect(clone(served)).rejects.toThrow(withCode(code));
    expect(readdirSync(join(served.dir, "copy"))).toEqual([]);
  });

  test("since it stalls leaves nothing when it is given up", async () => {
    const served = await serve({ protocol: 0 });
    served.server.fail(/\/git-upload-pack$/, { stallAfter: 0 });
    const patience = new AbortController();
    const going = clone(served, { signal: patience.signal });
    await asked(served.server, /^POST .*\/git-upload-pack$/);
    patience.abort(new Error("given up"));
    await expect(going).rejects.toThrow("given up");
    expect(readdirSync(served.dir)).toEqual([]);
  });

  test("since the pack is too large leaves nothing", async () => {
    const served = await serve({ protocol: 0 });
    await expect(clone(served, {}, accessTo(served, [], 200))).rejects.toThrow(withCode("TOO_LARGE"));
    expect(readdirSync(served.dir)).toEqual([]);
  });

  test("since a name in the tree is hostile leaves nothing, here or elsewhere", async () => {
    const served = await serve();
    commitTo(served.bare, "main", ".GIT/hooks/post-checkout", "#!/bin/sh\n");
    await expect(clone(served)).rejects.toThrow(ToolError);
    expect(existsSync(join(served.dir, "copy"))).toBe(false);
  });

  test("says what is wrong with the URL", async () => {
    const served = await serve();
    await expect(clone(served, { url: `${served.server.url}/b.git` })).rejects.toThrow(withCode("NOT_FOUND"));
    const hidden = served.url.replace("//", "//user:hunter2@");
    await expect(clone(served, { url: hidden })).rejects.toThrow(/^the URL holds a user name or password$/);
    for (const url of [
      "git@example.com:a/b.git",
      "ssh://example.com/a.git",
      "git://example.com/a",
      "file:///etc",
      "/etc",
      "ext::sh -c id",
      "../b",
      "--upload-pack=x",
    ]) {
      await expect(clone(served, { url })).rejects.toThrow(withCode("UNSUPPORTED"));
    }
    expect(readdirSync(served.dir)).toEqual([]);
  });

  test("since the host is private and not allowed sends it nothing", async () => {
    const served = await serve();
    const guard = createUrlGuard();
    await expect(clone(served, {}, { ...accessTo(served), guard })).rejects.toThrow(withCode("PERMISSION_DENIED"));
    expect(served.server.requests).toEqual([]);
    await guard.close();
  });
});

describeGit("credentials", () => {
  const basic = { user: "me", password: "pa:ss wörd" };

  test("are shown to the server that asks for them: a password", async () => {
    const served = await serve({ auth: { basic } });
    await clone(served, {}, accessTo(served, [{ username: basic.user, secret: basic.password }]));
    expect(served.server.requests[0]?.authorization).toBeUndefined();
    expect(git(join(served.dir, "copy"), "config", "--list", "--local")).not.toMatch(/pa:ss|me@/);
  });

  test("are shown to the server that asks for them: a token", async () => {
    const served = await serve({ auth: { bearer: "t0ken" } });
    await clone(served, {}, accessTo(served, [{ secret: "t0ken" }]));
    expect(served.server.requests.at(-1)?.authorization).toBe("Bearer t0ken");
  });

  test("that are wrong or missing are named in one line", async () => {
    const served = await serve({ auth: { basic } });
    await expect(clone(served)).rejects.toThrow(withCode("PERMISSION_DENIED"));
    const wrong = clone(served, {}, accessTo(served, [{ username: "me", secret: "hunter2" }]));
    await expect(wrong).rejects.toThrow(/^127\.0\.0\.1:\d+ does not accept the credentials configured for it$/);
    expect(readdirSync(served.dir)).toEqual([]);
  });

  test("are shown to no other host, wherever a redirect leads", async () => {
    const [served, other] = [await serve(), await serve({ auth: { bearer: "t0ken" } })];
    served.server.fail(/info\/refs/, { redirect: `${other.url}/info/refs?service=git-upload-pack` });
    await expect(clone(served, {}, accessTo(served, [{ secret: "t0ken" }]))).rejects.toThrow(
      withCode("PERMISSION_DENIED"),
    );
    expect(other.server.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
    // Those for the host that it leads to are.
    await clone(served, {}, accessTo(other, [{ secret: "t0ken" }]));
    expect(git(join(served.dir, "copy"), "rev-parse", "HEAD")).toBe(git(other.bare, "rev-parse", "main"));
  });
});

describeGit("a clone", () => {
  test("reads what it made", async () => {
    const served = await serve();
    const { repo } = await clonedFrom(served);
    expect(repo.objects.commit(repo.refs.resolve("refs/remotes/origin/topic") ?? "").message).toBe("two");
  });
});
