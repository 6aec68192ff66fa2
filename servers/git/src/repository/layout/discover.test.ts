import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import { beforeEach, expect, test } from "vitest";
import { discover } from "./discover.js";
import { unquotePath } from "./quoted-path.js";

let root: string;
let repo: string;

beforeEach(async () => {
  root = await tempDir();
  repo = join(root, "repo");
});

const place = (path: string, ...roots: string[]) => {
  const { worktree, gitDir, commonDir, objectDirs } = discover(path, { paths: roots.length > 0 ? roots : [root] });
  return [worktree?.root, gitDir.root, commonDir.root, ...objectDirs.map((files) => files.root)];
};
const refusal = (code: string, message = "") =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });
const commit = (dir: string) => git(dir, "commit", "-q", "--allow-empty", "-m", "one");

describeGit("finds", () => {
  beforeEach(() => {
    git(root, "init", "-q", "repo");
    mkdirSync(join(repo, "a/b"), { recursive: true });
    writeFileSync(join(repo, "a/file"), "");
  });

  test("a repository from its worktree, a folder, a file, the git directory and below", () => {
    const there = [repo, `${repo}/.git`, `${repo}/.git`, `${repo}/.git/objects`];
    for (const path of ["", "a", "a/b", "a/file", ".git", ".git/objects", ".git/refs/heads", "a/../a/"]) {
      expect(place(join(repo, path))).toEqual(there);
    }
    symlinkSync(join(repo, "a"), join(root, "link"));
    expect(place(join(root, "link"))).toEqual(there);
  });

  test("a bare repository, also as .git", () => {
    git(root, "init", "-q", "--bare", "bare.git");
    const bare = join(root, "bare.git");
    expect(place(join(bare, "refs"))).toEqual([undefined, bare, bare, `${bare}/objects`]);
    renameSync(bare, join(repo, "a/.git"));
    expect(place(join(repo, "a/b"))[0]).toBeUndefined();
  });

  test("linked worktrees, submodules and separate git directories", () => {
    commit(repo);
    const linked = join(root, "linked");
    git(repo, "worktree", "add", "-q", linked);
    const own = `${repo}/.git/worktrees/linked`;
    const expected = [linked, own, `${repo}/.git`, `${repo}/.git/objects`];
    expect(place(linked)).toEqual(expected);
    expect(place(own)).toEqual(expected);
    git(repo, "config", "core.bare", "true");
    expect(place(linked)[0]).toBe(linked);
    expect(place(repo)[0]).toBeUndefined();
    git(repo, "config", "core.bare", "false");
    git(root, "clone", "-q", "--separate-git-dir", join(root, "apart"), repo, "second");
    expect(place(join(root, "second"))).toEqual([
      join(root, "second"),
      join(root, "apart"),
      join(root, "apart"),
      join(root, "apart/objects"),
    ]);
    git(repo, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", join(root, "second"), "a/sub");
    const module = `${repo}/.git/modules/a/sub`;
    expect(place(join(repo, "a/sub"))).toEqual([join(repo, "a/sub"), module, module, `${module}/objects`]);
    expect(place(join(module, "refs"))[0]).toBe(join(repo, "a/sub"));
  });

  test("a worktree that the config, or that of the worktree, names", () => {
    mkdirSync(join(root, "files"));
    git(repo, "config", "core.worktree", "../../files");
    expect(place(join(repo, ".git"))[0]).toBe(join(root, "files"));
    expect(place(repo)[0]).toBe(join(root, "files"));
    git(repo, "config", "--unset", "core.worktree");
    git(repo, "config", "extensions.worktreeConfig", "true");
    writeFileSync(join(repo, ".git/config.worktree"), "[core]worktree = ../../files");
    expect(place(repo)[0]).toBe(join(root, "files"));
  });

  test("alternates of all kinds, each once", () => {
    const names = ["one", "two é", "three"];
    for (const name of names) git(root, "init", "-q", "--bare", name);
    const list = `# comment\n../../../one/objects\n"${join(root, "two").replace(/o$/, "\\157")} \\303\\251/objects"\n/gone/for/good\n../../../one/objects\n`;
    writeFileSync(join(repo, ".git/objects/info/alternates"), list);
    writeFileSync(
      join(root, "one/objects/info/alternates"),
      `${join(root, "three/objects")}\n${join(repo, ".git/objects")}\n`,
    );
    expect(place(repo).slice(4)).toEqual(
      ["one", "three", "two \xc3\xa9"].map((name) =>
        Buffer.from(join(root, "x")).toString("latin1").replace(/x$/, `${name}/objects`),
      ),
    );
  });

  test("the innermost repository, and stops at the roots", () => {
    git(repo, "init", "-q", "a/b");
    expect(place(join(repo, "a/b"))[0]).toBe(join(repo, "a/b"));
    expect(place(join(repo, "a"))[0]).toBe(repo);
    expect(() => place(join(repo, "a"), join(repo, "a"))).toThrow(refusal("NOT_FOUND"));
    expect(place(join(repo, "a/b"), join(repo, "a"))[0]).toBe(join(repo, "a/b"));
  });

  test("git directories whose parts are links inside the roots", () => {
    commit(repo);
    renameSync(join(repo, ".git/objects"), join(root, "objects"));
    symlinkSync(join(root, "objects"), join(repo, ".git/objects"));
    renameSync(join(repo, ".git"), join(root, "real"));
    symlinkSync("../real", join(repo, ".git"));
    expect(place(repo)).toEqual([repo, join(root, "real"), join(root, "real"), join(root, "objects")]);
    rmSync(join(root, "real/HEAD"));
    symlinkSync("refs/heads/main", join(root, "real/HEAD"));
    expect(place(repo)[0]).toBe(repo);
  });
});

describeGit("refuses", () => {
  let outside: string;
  beforeEach(async () => {
    outside = await tempDir();
    git(root, "init", "-q", "repo");
    git(outside, "init", "-q", "other");
  });

  test("what is outside, whether or not it is there", () => {
    expect(() => place(outside)).toThrow(refusal("OUTSIDE_ROOT"));
    expect(() => place(join(outside, "absent"))).toThrow(refusal("OUTSIDE_ROOT"));
    expect(() => place(`${root}2`)).toThrow(refusal("OUTSIDE_ROOT"));
    expect(() => place(join(root, "absent"))).toThrow(refusal("NOT_FOUND"));
    expect(() => place(root)).toThrow(refusal("NOT_FOUND"));
    symlinkSync(join(outside, "other"), join(root, "link"));
    expect(() => place(join(root, "link"))).toThrow(refusal("OUTSIDE_ROOT"));
  });

  test("a .git that leads outside", () => {
    for (const target of [join(outside, "other/.git"), join(outside, "absent")]) {
      rmSync(join(repo, ".git"), { recursive: true });
      writeFileSync(join(repo, ".git"), `gitdir: ${target}\n`);
      expect(() => place(repo)).toThrow(refusal("OUTSIDE_ROOT", "git directory"));
    }
    rmSync(join(repo, ".git"));
    symlinkSync(join(outside, "other/.git"), join(repo, ".git"));
    expect(() => place(repo)).toThrow(refusal("OUTSIDE_ROOT", "git directory"));
  });

  test("a .git file that says nothing, without repeating it", () => {
    rmSync(join(repo, ".git"), { recursive: true });
    for (const text of ["", "secret", "gitdir:x", "gitdir: a\0b"]) {
      writeFileSync(join(repo, ".git"), text);
      expect(() => place(repo)).toThrow(
        expect.objectContaining({ code: "UPSTREAM", message: expect.not.stringContaining("secret") }),
      );
    }
  });

  test("a common directory, worktree, objects or alternates outside", () => {
    const other = join(outside, "other/.git");
    writeFileSync(join(repo, ".git/commondir"), other);
    expect(() => place(repo)).toThrow(refusal("OUTSIDE_ROOT", "common directory"));
    rmSync(join(repo, ".git/commondir"));
    git(repo, "config", "core.worktree", outside);
    expect(() => place(repo)).toThrow(refusal("OUTSIDE_ROOT", "core.worktree"));
    git(repo, "config", "--unset", "core.worktree");
    writeFileSync(join(repo, ".git/objects/info/alternates"), `${other}/objects\n`);
    expect(() => place(repo)).toThrow(refusal("OUTSIDE_ROOT", "alternate"));
    rmSync(join(repo, ".git/objects"), { recursive: true });
    symlinkSync(join(other, "objects"), join(repo, ".git/objects"));
    expect(() => place(repo)).toThrow(refusal("OUTSIDE_ROOT", "object directory"));
  });

  test.each([
    ["objectformat = sha256", "objectformat"],
    ["refstorage = reftable", "refstorage"],
    ["compatobjectformat = sha256", "compatobjectformat"],
    ["future", "future"],
  ])("extensions.%s by its name", (line, name) => {
    appendFileSync(join(repo, ".git/config"), `[core]repositoryformatversion = 1\n[extensions]${line}\n`);
    expect(() => place(repo)).toThrow(refusal("UNSUPPORTED", `extensions.${name}`));
  });

  test("a format version of the future, and a v1 extension in version 0", () => {
    git(repo, "config", "core.repositoryformatversion", "2");
    expect(() => place(repo)).toThrow(refusal("UNSUPPORTED", "version 2"));
    writeFileSync(join(repo, ".git/config"), "[extensions]objectFormat = sha256");
    expect(() => place(repo)).toThrow(refusal("UNSUPPORTED"));
  });

  test("pipes and large files instead of what should be there, without waiting for them", () => {
    rmSync(join(repo, ".git/HEAD"));
    execFileSync("mkfifo", [join(repo, ".git/HEAD"), join(repo, "HEAD")]);
    expect(() => place(repo)).toThrow(refusal("NOT_FOUND"));
    rmSync(join(repo, ".git"), { recursive: true });
    execFileSync("mkfifo", [join(repo, ".git")]);
    expect(() => place(repo)).toThrow(refusal("NOT_FOUND"));
  });

  test("partial clones are opened", () => {
    git(repo, "config", "core.repositoryformatversion", "1");
    git(repo, "config", "extensions.partialClone", "origin");
    git(repo, "config", "extensions.preciousObjects", "true");
    expect(place(repo)[0]).toBe(repo);
    expect(gitBytes(repo, ["status", "--porcelain"]).length).toBe(0);
  });
});

test("quoted paths", () => {
  expect(unquotePath('"a\\tb\\"\\\\\\101"')).toBe('a\tb"\\A');
  expect(unquotePath('"a\\q"')).toBeUndefined();
  expect(unquotePath('"a')).toBeUndefined();
});
