import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git } from "@mcp-reference/testing";
import { expect, test } from "vitest";
import { type PushRequest, pushToRemote } from "../../src/remote/sync/push.js";
import { accessTo, clonedFrom, commitTo, serve, whoIn } from "./served.js";

const withCode = (code: string) => expect.objectContaining({ code });

async function pushing(auth?: { basic: { user: string; password: string } }) {
  const served = await serve();
  const { repo, path, access } = await clonedFrom(served);
  const push = (request: Partial<PushRequest> = {}, by = access) => {
    repo.refresh();
    return pushToRemote(repo, by, { remote: "origin", who: whoIn(repo), ...request });
  };
  const commit = (name: string) => {
    writeFileSync(join(path, name), `${name}\n`);
    git(path, "add", name);
    git(path, "commit", "-q", "-m", name);
    return git(path, "rev-parse", "HEAD");
  };
  return { served, repo, path, push, commit, auth };
}

const there = (bare: string, ref: string) => git(bare, "rev-parse", "--verify", "-q", ref);

describeGit("a push", () => {
  test("brings the commits of the current branch, and what is tracked of them", async () => {
    const { served, path, push, commit } = await pushing();
    commit("one.txt");
    const to = commit("two.txt");
    const pushed = await push();
    expect(pushed).toMatchObject({ url: served.url, ref: "refs/heads/main", to });
    expect(there(served.bare, "main")).toBe(to);
    expect(git(served.bare, "fsck", "--strict")).toBe("");
    expect(git(path, "status", "-sb")).toBe("## main...origin/main");
    expect(git(path, "reflog", "origin/main")).toContain("update by push");
    // Two commits, two trees, two blobs: nothing that was there.
    expect(pushed.objects).toBe(6);
    expect(await push()).toMatchObject({ objects: 0, from: to, to });
  });

  test("makes a branch there, and follows it", async () => {
    const { served, path, push, commit } = await pushing();
    git(path, "checkout", "-q", "-b", "feature/x");
    const to = commit("x.txt");
    await push({ setUpstream: true });
    expect(there(served.bare, "feature/x")).toBe(to);
    expect(git(path, "rev-parse", "--symbolic-full-name", "@{u}")).toBe("refs/remotes/origin/feature/x");
    commit("y.txt");
    git(path, "branch", "-q", "--set-upstream-to=origin/topic");
    // As git does: a branch that follows one of another name may be meant for either.
    await expect(push()).rejects.toThrow(withCode("INVALID_ARGUMENT"));
  });

  test.each([
    ["HEAD:refs/heads/copied", "refs/heads/copied", "main"],
    ["main:elsewhere", "refs/heads/elsewhere", "main"],
    ["v9", "refs/tags/v9", "v9"],
    ["HEAD~1:old", "refs/heads/old", "main~1"],
  ])("of %s goes to %s", async (refspec, ref, source) => {
    const { served, path, push } = await pushing();
    git(path, "tag", "-a", "-m", "nine", "v9");
    await push({ refspec });
    expect(there(served.bare, ref)).toBe(git(path, "rev-parse", source));
    expect(git(served.bare, "fsck", "--strict")).toBe("");
  });

  test("loses no commits that are only there", async () => {
    const { served, path, push, commit } = await pushing();
    const theirs = commitTo(served.bare, "main", "theirs.txt", "theirs\n");
    const ours = commit("ours.txt");
    await expect(push()).rejects.toThrow(withCode("CONFLICT"));
    await expect(push({ forceWithLease: ours })).rejects.toThrow(withCode("CONFLICT"));
    await expect(push({ forceWithLease: "HEAD" })).rejects.toThrow(withCode("INVALID_ARGUMENT"));
    expect(there(served.bare, "main")).toBe(theirs);
    await push({ forceWithLease: theirs });
    expect(there(served.bare, "main")).toBe(ours);
    git(path, "tag", "plain2");
    await push({ refspec: "plain2:refs/tags/new" });
    await expect(push({ refspec: "topic:refs/tags/plain" }).catch((error) => error)).resolves.toEqual(
      expect.objectContaining({ code: expect.stringMatching(/NOT_FOUND|ALREADY_EXISTS/) }),
    );
  });

  test("deletes a branch", async () => {
    const { served, path, push } = await pushing();
    await push({ deleteBranch: "topic" });
    expect(() => there(served.bare, "topic")).toThrow();
    expect(() => there(path, "origin/topic")).toThrow();
    await expect(push({ deleteBranch: "topic" })).rejects.toThrow(withCode("NOT_FOUND"));
    await expect(push({ deleteBranch: "../x" })).rejects.toThrow(withCode("INVALID_ARGUMENT"));
  });

  test("that the remote refuses says why", async () => {
    const { served, push, commit } = await pushing();
    git(served.bare, "config", "receive.denyCurrentBranch", "refuse");
    git(served.bare, "config", "core.bare", "false");
    commit("x.txt");
    await expect(push()).rejects.toThrow(/^the remote refuses refs\/heads\/main: branch is currently checked out$/);
  });

  test.each(["+main", ":main", "main:", "a:b:c", "main:../x", "main:refs/heads/a..b"])(
    "of %s is refused",
    async (refspec) => {
      const { push } = await pushing();
      await expect(push({ refspec })).rejects.toThrow(
        expect.objectContaining({ code: expect.stringMatching(/INVALID_ARGUMENT|UNSUPPORTED/) }),
      );
    },
  );

  test("of a large file goes through whole", async () => {
    const { served, path, push } = await pushing();
    const content = Buffer.alloc(3_000_000, 0).map((_, at) => (at * 7919) >>> 3);
    writeFileSync(join(path, "large"), content);
    git(path, "add", "large");
    git(path, "commit", "-q", "-m", "large");
    await push();
    expect(git(served.bare, "fsck", "--strict")).toBe("");
    expect(there(served.bare, "main")).toBe(git(path, "rev-parse", "HEAD"));
  });

  test("that nobody confirmed is UNKNOWN; one that did not get there is not", async () => {
    const { served, push, commit } = await pushing();
    commit("x.txt");
    served.server.fail(/\/git-receive-pack$/, { cutAfter: 5 });
    await expect(push()).rejects.toThrow(withCode("UNKNOWN"));
    served.server.fail(/info\/refs/, { status: 502 });
    await expect(push()).rejects.toThrow(withCode("UNAVAILABLE"));
  });
});

describeGit("credentials of a push", () => {
  test("are asked for, and used", async () => {
    const open = await pushing();
    const guarded = await serve({ auth: { basic: { user: "me", password: "s3cret" } } });
    git(open.path, "config", "remote.origin.pushurl", guarded.url);
    const to = open.commit("x.txt");
    await expect(open.push()).rejects.toThrow(withCode("PERMISSION_DENIED"));
    await open.push({ refspec: "main:new" }, accessTo(guarded, [{ username: "me", secret: "s3cret" }]));
    expect(there(guarded.bare, "new")).toBe(to);
  });
});
