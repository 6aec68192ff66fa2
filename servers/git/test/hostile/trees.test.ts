import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { type Attacked, attacked, fingerprint, SECRET } from "./attacked.js";

type Entry = readonly [mode: string, name: string, oid: string];

/** An object as its author wrote it, whatever git would say to it. */
function store(repo: string, type: string, body: string | Buffer): string {
  return gitBytes(repo, ["hash-object", "-t", type, "-w", "--literally", "--stdin"], { input: body }).toString().trim();
}

const treeOf = (repo: string, ...entries: Entry[]): string =>
  store(
    repo,
    "tree",
    Buffer.concat(entries.flatMap(([mode, name, oid]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, "hex")])),
  );

const commitOf = (repo: string, tree: string, ...parents: string[]): string =>
  git(repo, "commit-tree", "-m", "hostile", ...parents.flatMap((parent) => ["-p", parent]), tree);

/** Trees that would write into `.git`, beside the worktree, or through a link, by what is wrong with them. */
function hostileTrees({ repo, outside }: Attacked): Record<string, string> {
  const blob = store(repo, "blob", "[core]\n\tpager = trap\n");
  const up = store(repo, "blob", "../outside");
  const away = store(repo, "blob", outside);
  const file: Entry = ["100644", "written", blob];
  const inner = treeOf(repo, file);
  const config = treeOf(repo, ["100644", "config", blob]);
  const names = [".git", ".GIT", ".Git", "git~1", "GIT~2", ".git ", ".git.", ".g\u200cit", ".git::$INDEX_ALLOCATION"];
  const linked = (target: string, name: string): Entry => ["120000", name, target];
  return {
    ...Object.fromEntries(names.map((name) => [`a directory ${name}`, treeOf(repo, ["40000", name, config])])),
    ...Object.fromEntries(names.map((name) => [`a file ${name}`, treeOf(repo, ["100644", name, blob])])),
    "a directory ..": treeOf(repo, ["40000", "..", inner]),
    "a directory .": treeOf(repo, ["40000", ".", inner]),
    "no name": treeOf(repo, ["100644", "", blob]),
    "a path up": treeOf(repo, ["100644", "../outside/written", blob]),
    "a path up in the middle": treeOf(repo, ["100644", "a/../../outside/written", blob]),
    "a path into .git": treeOf(repo, ["100644", "a/../.git/hooks/pre-commit", blob]),
    "an absolute path": treeOf(repo, ["100644", join(outside, "written"), blob]),
    "a path up for Windows": treeOf(repo, ["100644", "..\\outside\\written", blob]),
    "a link and a directory of one name": treeOf(repo, linked(up, "a"), ["40000", "a", inner]),
    "a directory and a link of one name": treeOf(repo, ["40000", "a", inner], linked(away, "a")),
    "a link and a path through it": treeOf(repo, linked(up, "a"), ["100644", "a/written", blob]),
    "a link and a path of two names through it": treeOf(repo, linked(away, "a"), ["40000", "a/b", inner]),
    "files of one name": treeOf(repo, file, file),
    "a tree out of order": treeOf(repo, ["100644", "z", blob], ["100644", "a", blob], ["40000", "b", inner]),
    "a submodule .git": treeOf(repo, ["160000", ".git", git(repo, "rev-parse", "HEAD")]),
    "a submodule ..": treeOf(repo, ["160000", "..", git(repo, "rev-parse", "HEAD")]),
    "a submodule and a directory": treeOf(repo, ["160000", "s", "1".repeat(40)], ["40000", "s", config]),
    "an unknown mode": treeOf(repo, ["170000", "dev", blob], ["10644", "pipe", blob]),
    "a tree that is a blob": treeOf(repo, ["40000", "t", blob]),
    "a blob that is a tree": treeOf(repo, ["100644", "b", inner]),
    "a link that is a tree": treeOf(repo, ["120000", "l", inner]),
    "a link with a NUL": treeOf(repo, linked(store(repo, "blob", "a\0b"), "l")),
    "a link without end": treeOf(repo, linked(store(repo, "blob", "x".repeat(1 << 20)), "l")),
    "an object that is absent": treeOf(repo, ["100644", "absent", "1".repeat(40)]),
    "a name of a kilobyte": treeOf(repo, ["100644", "n".repeat(1024), blob]),
    "names that differ in case": treeOf(repo, linked(up, "A"), ["40000", "a", inner]),
    "a tree cut off": store(repo, "tree", "100644 a\0abc"),
  };
}

describeGit("trees that mean harm", () => {
  it("write nothing outside nor into .git, whatever brings them to the worktree", async () => {
    const target = await attacked();
    const { repo } = target;
    const server = await target.serve();
    const before = fingerprint(target.outside);
    const hooks = fingerprint(join(repo, ".git/hooks"));
    const config = readFileSync(join(repo, ".git/config"), "utf8");
    const base = git(repo, "rev-parse", "v1");
    const plain = commitOf(repo, git(repo, "rev-parse", "v1^{tree}"), base);
    for (const [what, tree] of Object.entries(hostileTrees(target))) {
      const commit = commitOf(repo, tree, base);
      const stash = commitOf(repo, tree, base, plain);
      git(repo, "update-ref", "--create-reflog", "-m", "x", "refs/stash", stash);
      const calls: [string, Record<string, unknown>][] = [
        ["git_checkout", { branch_name: commit, detach: true }],
        ["git_checkout", { branch_name: commit, detach: true, force: true }],
        ["git_restore", { paths: ["."], source: commit }],
        ["git_restore", { paths: ["."], source: commit, staged: true, worktree: true }],
        ["git_merge", { branch: commit }],
        ["git_merge", { branch: commit, ff: "never", squash: true }],
        ["git_cherry_pick", { commits: [commit] }],
        ["git_revert", { commits: [commit] }],
        ["git_stash", { action: "apply" }],
        ["git_reset", { mode: "hard", revision: commit }],
        ["git_rebase", { upstream: commit }],
        ["git_diff", { target: commit }],
        ["git_show", { revision: commit }],
        ["git_list_files", { revision: commit }],
        ["git_read_file", { revision: commit, path: "a/secret" }],
        ["git_search", { revision: commit, pattern: "pager" }],
        ["git_search", { revision: commit, pattern: "pager", in: "history" }],
        ["git_status", {}],
        ["git_add", { files: ["."] }],
      ];
      for (const [name, args] of calls) {
        const { code, line } = await server.call(name, args);
        const told = `${what}: ${name}: ${line.slice(0, 500)}`;
        expect(["INTERNAL", "TIMEOUT"], told).not.toContain(code);
        expect(line, told).not.toContain(SECRET);
      }
      expect(fingerprint(target.outside), what).toEqual(before);
      expect(fingerprint(join(repo, ".git/hooks")), what).toEqual(hooks);
      expect(readFileSync(join(repo, ".git/config"), "utf8"), what).toBe(config);
      git(repo, "reset", "-q", "--hard", "main");
      git(repo, "clean", "-qfdx");
    }
    expect(readdirSync(target.base).sort()).toEqual(["home", "outside", "preload.mjs", "programs", "served"]);
    expect(target.started()).toEqual([]);
  }, 60_000);

  it("do not lead writers through links that are checked out already", async () => {
    const target = await attacked();
    const { repo, outside } = target;
    const blob = store(repo, "blob", "written\n");
    const linked = commitOf(repo, treeOf(repo, ["120000", "d", store(repo, "blob", "../outside")]));
    const deep = commitOf(
      repo,
      treeOf(repo, ["40000", "d", treeOf(repo, ["100644", "secret", blob], ["100644", "new", blob])]),
    );
    const before = fingerprint(outside);
    const server = await target.serve();
    for (const [name, args] of [
      ["git_checkout", { branch_name: deep, detach: true }],
      ["git_checkout", { branch_name: deep, detach: true, force: true }],
      ["git_restore", { paths: ["d"], source: deep }],
      ["git_reset", { mode: "hard", revision: deep }],
      ["git_merge", { branch: deep, allow_unrelated: true }],
      ["git_cherry_pick", { commits: [deep] }],
    ] as const) {
      git(repo, "checkout", "-qf", "--detach", linked);
      expect(["INTERNAL", "TIMEOUT"], name).not.toContain((await server.call(name, args)).code);
      expect(fingerprint(outside), name).toEqual(before);
    }
    git(repo, "checkout", "-qf", "--detach", linked);
    for (const files of [["d/secret"], ["d"], ["."], ["d/*"]]) {
      await server.call("git_add", { files, force: true });
      expect(git(repo, "ls-files")).toBe("d");
    }
  });

  it("are not made of names that only look harmless", async () => {
    const target = await attacked();
    const { repo } = target;
    const server = await target.serve();
    for (const name of ["git~1", ".git\u200c", ".GIT"]) {
      mkdirSync(join(repo, name));
      writeFileSync(join(repo, name, "config"), "x");
    }
    symlinkSync("../outside", join(repo, "out"));
    for (const more of [{}, { force: true }, { intent_to_add: true }, { update: true }]) {
      for (const files of [["."], ["git~1/config"], [".GIT/config"], ["out/secret"], [".git/config"], ["../outside"]]) {
        const { code, line } = await server.call("git_add", { files, ...more });
        expect(code, line).not.toBe("INTERNAL");
        expect(git(repo, "ls-files")).not.toMatch(/git~1|200c|\.GIT|secret|\.git\//);
      }
    }
  });
});
