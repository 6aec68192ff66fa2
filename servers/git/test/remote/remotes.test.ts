import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createUrlGuard } from "@mcp-reference/security";
import { describeGit, git, tempDir } from "@mcp-reference/testing";
import { expect, test } from "vitest";
import {
  addRemote,
  listRemotes,
  removeRemote,
  renameRemote,
  setRemoteUrl,
} from "../../src/remote/settings/edit-remotes.js";
import { clonedFrom, open, serve, whoIn } from "./served.js";

const guard = createUrlGuard();
const withCode = (code: string) => expect.objectContaining({ code });

const configOf = (path: string) => git(path, "config", "--local", "--list");
const refsOf = (path: string) =>
  git(path, "for-each-ref", "--format=%(refname) %(objectname) %(symref)", "refs/remotes");

describeGit("remotes", () => {
  test("are added, changed, renamed and removed as git does", async () => {
    const served = await serve();
    const { path } = await clonedFrom(served);
    git(served.dir, "clone", "-q", `file://${served.bare}`, "gits");
    const gits = join(served.dir, "gits");
    git(gits, "config", "remote.origin.url", served.url);
    const repo = open(path);

    addRemote(repo, "up", "https://example.com/a.git", guard);
    git(gits, "remote", "add", "up", "https://example.com/a.git");
    expect(configOf(path)).toBe(configOf(gits));
    setRemoteUrl(repo, "up", "https://example.com/b.git", guard);
    git(gits, "remote", "set-url", "up", "https://example.com/b.git");
    expect(configOf(path)).toBe(configOf(gits));

    renameRemote(repo, "origin", "source", whoIn(repo));
    git(gits, "remote", "rename", "origin", "source");
    expect(configOf(path).split("\n").sort()).toEqual(configOf(gits).split("\n").sort());
    expect(refsOf(path)).toBe(refsOf(gits));
    expect(git(path, "rev-parse", "--abbrev-ref", "@{u}")).toBe("source/main");
    expect(listRemotes(repo)).toEqual([
      { name: "source", url: served.url, pushUrl: undefined },
      { name: "up", url: "https://example.com/b.git", pushUrl: undefined },
    ]);

    removeRemote(repo, "source", whoIn(repo));
    git(gits, "remote", "remove", "source");
    expect(configOf(path)).toBe(configOf(gits));
    expect(refsOf(path)).toBe("");
  });

  test("of other people's configs keep every other line as it is", async () => {
    const path = await tempDir();
    git(path, "init", "-q");
    const { appendFileSync } = await import("node:fs");
    const kept =
      '# a comment\n[Remote "q\\"u"]\n\turl = \\\n  https://example.com/q # why\n\tFetch = +refs/heads/*:refs/remotes/q/*\n[user]\n\tname = "x # y"\n';
    appendFileSync(join(path, ".git/config"), kept);
    const repo = open(path);
    addRemote(repo, "a", "https://example.com/a", guard);
    removeRemote(repo, "a", whoIn(repo));
    expect(readFileSync(join(path, ".git/config"), "utf8").endsWith(kept)).toBe(true);
    addRemote(repo, "b", "https://example.com/a;b#c", guard);
    expect(git(path, "config", "remote.b.url")).toBe("https://example.com/a;b#c");
  });

  test("show no credentials and take none", async () => {
    const path = await tempDir();
    git(path, "init", "-q");
    git(path, "remote", "add", "origin", "https://me:hunter2@example.com/a.git");
    const repo = open(path);
    expect(JSON.stringify(listRemotes(repo))).not.toMatch(/hunter2|me@/);
    const before = configOf(path);
    const add = (name: string, url: string) => () => addRemote(repo, name, url, guard);
    expect(add("x", "https://me:hunter2@example.com/")).toThrow(withCode("INVALID_ARGUMENT"));
    expect(add("x", "http://127.0.0.1/a")).toThrow(withCode("PERMISSION_DENIED"));
    expect(add("x", "git@example.com:a.git")).toThrow(withCode("UNSUPPORTED"));
    expect(add("origin", "https://example.com/")).toThrow(withCode("ALREADY_EXISTS"));
    for (const name of ["", "-x", "a b", "../x", "a..b", 'x"]\n[core', "x.lock", "a\nb"]) {
      expect(add(name, "https://example.com/"), name).toThrow(withCode("INVALID_ARGUMENT"));
    }
    expect(() => removeRemote(repo, "nope", whoIn(repo))).toThrow(withCode("NOT_FOUND"));
    expect(configOf(path)).toBe(before);
  });
});
