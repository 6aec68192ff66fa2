import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes } from "@mcp-reference/testing";
import { expect, test } from "vitest";
import { type FetchRequest, fetchRemote } from "../../src/remote/sync/fetch.js";
import { accessTo, asked, clonedFrom, commitTo, open, serve, stateOf, whoIn } from "./served.js";

const withCode = (code: string) => expect.objectContaining({ code });

/** A clone by us, and one by git that is brought up to date by git. */
async function both(options: { protocol?: 0 | 2 } = {}) {
  const served = await serve(options);
  const { repo, path, access } = await clonedFrom(served);
  git(served.dir, "clone", "-q", `file://${served.bare}`, "gits");
  const fetch = (request: Partial<FetchRequest> = {}) => {
    repo.refresh();
    return fetchRemote(repo, access, { remote: "origin", who: whoIn(repo), ...request });
  };
  return { served, repo, path, gits: join(served.dir, "gits"), fetch, access };
}

describeGit("a fetch", () => {
  test.each([0, 2] as const)("brings what git brings (protocol %i)", async (protocol) => {
    const { served, path, gits, fetch } = await both({ protocol });
    const tip = commitTo(served.bare, "main", "new.txt", "new\n");
    commitTo(served.bare, "other", "o.txt", "o\n", "refs/heads/topic^0");
    commitTo(served.bare, "topic", "rewritten", "r\n", "refs/tags/plain^0");
    git(served.bare, "tag", "-a", "-m", "tag of what was new", "v2", "main");
    git(served.bare, "tag", "on-old", "plain");
    const { moves, objects } = await fetch();
    git(gits, "fetch", "-q");
    expect(stateOf(path)).toEqual(stateOf(gits));
    expect(git(path, "fsck", "--strict")).toBe("");
    expect(git(path, "reflog", "origin/main")).toContain("fetch origin: fast-forward");
    expect(Object.fromEntries(moves.map(({ ref, kind }) => [ref, kind]))).toEqual({
      "refs/remotes/origin/main": "forward",
      "refs/remotes/origin/other": "new",
      "refs/remotes/origin/topic": "forced",
      "refs/tags/on-old": "new",
      "refs/tags/v2": "new",
    });
    expect(moves.find(({ kind }) => kind === "forward")?.to).toBe(tip);
    // What was here was not sent again.
    expect(objects).toBeLessThan(15);
    expect(await fetch()).toMatchObject({ moves: [], objects: 0, bytes: 0 });
  });

  test("prunes what is gone, also when its name is in the way", async () => {
    const { served, path, gits, fetch } = await both();
    git(served.bare, "branch", "-D", "topic");
    git(served.bare, "branch", "topic/sub", "main");
    expect((await fetch({ prune: true })).moves.map(({ ref, kind }) => `${kind} ${ref}`)).toEqual([
      "pruned refs/remotes/origin/topic",
      "new refs/remotes/origin/topic/sub",
    ]);
    git(gits, "fetch", "-q", "--prune");
    expect(stateOf(path)).toEqual(stateOf(gits));
  });

  test("leaves tags as they are, brings all of them, or none", async () => {
    const { served, path, fetch, repo } = await both();
    const before = repo.refs.resolve("refs/tags/plain");
    git(served.bare, "tag", "-f", "plain", "main");
    commitTo(served.bare, "hidden", "h", "h\n", "refs/heads/main^0");
    git(served.bare, "tag", "hidden-tag", "hidden");
    git(served.bare, "update-ref", "-d", "refs/heads/hidden");
    expect((await fetch({ tags: "none" })).moves).toEqual([]);
    expect((await fetch()).moves).toEqual([]);
    expect((await fetch({ tags: "all" })).moves.map(({ ref, kind }) => `${kind} ${ref}`)).toEqual([
      "new refs/tags/hidden-tag",
      "kept refs/tags/plain",
    ]);
    expect(git(path, "rev-parse", "plain")).toBe(before);
  });

  test("of one ref brings that one", async () => {
    const { served, path, fetch } = await both();
    const tip = commitTo(served.bare, "main", "new.txt", "new\n");
    commitTo(served.bare, "topic", "t.txt", "t\n");
    expect(await fetch({ only: "refs/heads/main" })).toMatchObject({
      tip,
      moves: [{ ref: "refs/remotes/origin/main" }],
    });
    expect(git(path, "cat-file", "-t", tip)).toBe("commit");
    await expect(fetch({ only: "refs/heads/nope" })).rejects.toThrow(withCode("NOT_FOUND"));
  });

  test("makes history shallow, and whole again", async () => {
    const { path, gits, fetch } = await both();
    await fetch({ depth: 1 });
    git(gits, "fetch", "-q", "--depth=1");
    expect(readFileSync(join(path, ".git/shallow"), "utf8")).toBe(readFileSync(join(gits, ".git/shallow"), "utf8"));
    expect(git(path, "rev-list", "--count", "origin/main")).toBe("1");
    await fetch({ depth: 2 ** 31 - 1 });
    expect(readdirSync(join(path, ".git"))).not.toContain("shallow");
    expect(git(path, "rev-list", "--count", "origin/main")).toBe("3");
    expect(git(path, "fsck", "--strict")).toBe("");
  });

  test("that is cut off or given up changes nothing", async () => {
    const { served, path, gits, fetch } = await both({ protocol: 0 });
    const before = [stateOf(path), readdirSync(join(path, ".git/objects/pack"))];
    commitTo(served.bare, "main", "new.txt", "new\n".repeat(1000));
    served.server.fail(/\/git-upload-pack$/, { cutAfter: 700 });
    await expect(fetch()).rejects.toThrow(withCode("UNAVAILABLE"));
    served.server.fail(/\/git-upload-pack$/, { stallAfter: 700 });
    const patience = new AbortController();
    const earlier = served.server.requests.length;
    const going = fetch({ signal: patience.signal });
    await asked(served.server, /^POST .*\/git-upload-pack$/, earlier);
    patience.abort(new Error("given up"));
    await expect(going).rejects.toThrow("given up");
    expect([stateOf(path), readdirSync(join(path, ".git/objects/pack"))]).toEqual(before);
    served.server.resume();
    await fetch();
    git(gits, "fetch", "-q");
    expect(stateOf(path)).toEqual(stateOf(gits));
  });

  test("brings hundreds of branches", async () => {
    const { served, path, gits, fetch } = await both();
    const tip = git(served.bare, "rev-parse", "main");
    const refs = Array.from({ length: 400 }, (_, at) => `create refs/heads/many/b${at} ${tip}\n`).join("");
    gitBytes(served.bare, ["update-ref", "--stdin"], { input: refs });
    expect((await fetch()).moves.length).toBe(400);
    git(gits, "fetch", "-q");
    expect(git(path, "for-each-ref", "refs/remotes")).toBe(git(gits, "for-each-ref", "refs/remotes"));
  });
});

describeGit("the config of a hostile repository", () => {
  test("cannot make it fetch into branches, or what is no ref", async () => {
    const { path, fetch } = await both();
    const refused = expect.objectContaining({ code: expect.stringMatching(/UNSUPPORTED|INVALID_ARGUMENT/) });
    for (const refspec of [
      "+refs/heads/*:refs/heads/*",
      "+refs/*:refs/*",
      "refs/heads/main:refs/mcp-undo/x",
      "+refs/heads/main:HEAD",
      "+refs/heads/*:refs/remotes/*/../*",
      "a:b:c",
      ":",
      "+refs/heads/*:refs/remotes/x",
      "../*:refs/remotes/origin/*",
    ]) {
      git(path, "config", "remote.origin.fetch", refspec);
      await expect(fetch(), refspec).rejects.toThrow(refused);
    }
  });

  test("cannot make it run or read anything", async () => {
    const { path, fetch } = await both();
    for (const url of [
      "ext::sh -c touch% /tmp/x",
      "file:///etc",
      "/etc",
      "ssh://-oProxyCommand=x/a",
      "-x@h:p",
      "\u0001://x",
    ]) {
      git(path, "config", "remote.origin.url", url);
      await expect(fetch()).rejects.toThrow(withCode("UNSUPPORTED"));
    }
    git(path, "config", "remote.origin.url", "http://169.254.169.254/a.git");
    await expect(fetch()).rejects.toThrow(withCode("PERMISSION_DENIED"));
  });

  test("cannot send the traffic or a header elsewhere, nor get at credentials", async () => {
    const { served, path, repo, fetch } = await both();
    const thief = await serve({ auth: { bearer: "none" } });
    git(path, "config", "http.proxy", thief.server.url);
    git(path, "config", "http.extraHeader", "X-Evil: 1");
    await fetch();
    expect(thief.server.requests).toEqual([]);
    git(path, "config", `url.${thief.server.url}/.insteadOf`, `${served.server.url}/`);
    repo.refresh();
    const access = accessTo(served, [{ secret: "t0ken" }]);
    const going = fetchRemote(repo, access, { remote: "origin", who: whoIn(repo) });
    await expect(going).rejects.toThrow(withCode("PERMISSION_DENIED"));
    expect(thief.server.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  test("shows no password of a URL, and sends none", async () => {
    const { served, path, fetch } = await both();
    git(path, "config", "remote.origin.url", served.url.replace("//", "//me:hunter2@"));
    expect((await fetch()).url).toBe(served.url);
    expect(served.server.requests.at(-1)?.authorization).toBeUndefined();
  });
});

describeGit("what rewrites URLs", () => {
  test("is followed, the longest prefix first", async () => {
    const { served, path, fetch } = await both();
    git(path, "config", "remote.origin.url", "gh:a.git");
    git(path, "config", "url.https://elsewhere.test/.insteadOf", "g");
    git(path, "config", `url.${served.server.url}/.insteadOf`, "gh:");
    expect((await fetch()).url).toBe(served.url);
    expect(open(path).config.get("remote.origin.url")).toBe("gh:a.git");
  });
});
