import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describeGit, git, gitBytes } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { checkout } from "../../src/changes/checkout/checkout.js";
import { reset } from "../../src/changes/reset/reset.js";
import { filesOf, twins } from "./twins.js";

const write = (dir: string, name: string, text: string) => {
  mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
  writeFileSync(path.join(dir, name), text);
};

/** A tree object whose names no git would write. */
function hostileTree(dir: string, entries: readonly (readonly [mode: string, name: string, oid: string])[]): string {
  const body = Buffer.concat(
    entries.map(([mode, name, oid]) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, "hex")])),
  );
  return gitBytes(dir, ["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], { input: body })
    .toString()
    .trim();
}

describeGit("checking out", () => {
  it("writes nothing for a tree with names that lead elsewhere", async () => {
    const t = await twins((dir, run) => {
      write(dir, "a", "a\n");
      run("add", ".");
      run("commit", "-qm", "x");
    });
    const blob = git(t.ours, "rev-parse", "HEAD:a");
    const link = gitBytes(t.ours, ["hash-object", "-w", "--stdin"], { input: ".." }).toString().trim();
    const inner = hostileTree(t.ours, [["100644", "config", blob]]);
    const trees: (readonly [string, string, string])[][] = [
      [["40000", ".git", inner]],
      [["40000", ".GIT", inner]],
      [["40000", "git~1", inner]],
      [["40000", ".g\u200cit", inner]],
      [["40000", ".git ", inner]],
      [["40000", "..", inner]],
      [["100644", "../escaped", blob]],
      [["100644", "b\\..\\.git\\config", blob]],
      [
        ["120000", "d", link],
        ["40000", "d", inner],
      ],
      [
        ["120000", ".gitmodules", link],
        ["100644", ".git", blob],
      ],
    ];
    for (const entries of trees) {
      const commit = git(t.ours, "commit-tree", "-m", "hostile", hostileTree(t.ours, entries));
      const config = gitBytes(t.ours, ["config", "--list", "--local"]).toString();
      for (const force of [false, true]) {
        const failure = await checkout(t.repo, { name: commit, force }).catch((error: unknown) => error);
        expect(failure, JSON.stringify(entries)).toMatchObject({ name: "ToolError" });
      }
      expect(git(t.ours, "config", "--list", "--local")).toBe(config.trimEnd());
      expect(readdirSync(path.dirname(t.ours)).sort()).toEqual(["ours", "theirs"]);
      git(t.ours, "reset", "-q", "--hard", "main");
    }
  });

  it("leads nothing through a link that took the place of a directory", async () => {
    const t = await twins((dir, run) => {
      write(dir, "d/file", "1\n");
      run("add", ".");
      run("commit", "-qm", "x");
      run("checkout", "-qb", "other");
      write(dir, "d/file", "2\n");
      run("commit", "-qam", "y");
    });
    const outside = path.join(path.dirname(t.ours), "outside");
    write(outside, "file", "mine\n");
    rmSync(path.join(t.ours, "d"), { recursive: true });
    symlinkSync("../outside", path.join(t.ours, "d"));
    await expect(checkout(t.repo, { name: "main" })).rejects.toMatchObject({ code: "CONFLICT" });
    await reset(t.repo, { mode: "hard", revision: "main" });
    expect(filesOf(outside)).toEqual({ file: "- mine\n" });
    expect(filesOf(t.ours)).toEqual({ "d/": "directory", "d/file": "- 1\n" });
  });

  it("converts line ends by the attributes of what is checked out", async () => {
    const t = await twins((dir, run) => {
      write(dir, "a.txt", "one\ntwo\n");
      write(dir, "sub/b.txt", "one\ntwo\n");
      run("add", ".");
      run("commit", "-qm", "plain");
      run("checkout", "-qb", "dos");
      write(dir, ".gitattributes", "*.txt text eol=crlf\n");
      write(dir, "sub/b.txt", "changed\nhere\n");
      write(dir, "sub/c.txt", "new\n");
      run("add", ".");
      run("commit", "-qm", "dos");
      run("checkout", "-q", "main");
    });
    for (const name of ["dos", "main"]) {
      t.git("checkout", "-q", name);
      await checkout(t.repo, { name });
      t.expectEqual();
    }
  });

  it("leaves out what a sparse checkout leaves out", async () => {
    for (const cone of ["--cone", "--no-cone"]) {
      const t = await twins((dir, run) => {
        for (const name of ["top", "in/a", "in/deep/b", "out/c"]) write(dir, name, `${name}\n`);
        run("add", ".");
        run("commit", "-qm", "one");
        run("checkout", "-qb", "more");
        for (const name of ["top2", "in/a2", "out/c", "out/c2", "else/d"]) write(dir, name, `${name} 2\n`);
        run("add", ".");
        run("commit", "-qm", "two");
        run("checkout", "-q", "main");
        run("sparse-checkout", "set", cone, cone === "--cone" ? "in" : "/in/");
      });
      for (const name of ["more", "main"]) {
        t.git("checkout", "-q", name);
        await checkout(t.repo, { name });
        t.expectEqual();
      }
      for (const mode of ["mixed", "hard"] as const) {
        t.git("reset", "-q", `--${mode}`, "more");
        await reset(t.repo, { mode, revision: "more" });
        t.expectEqual();
      }
    }
  });

  it("makes directories for submodules and keeps those that are filled", async () => {
    const t = await twins((dir, run) => {
      write(dir, "a", "a\n");
      run("add", ".");
      run("commit", "-qm", "x");
      const head = run("rev-parse", "HEAD");
      run("checkout", "-qb", "with");
      run("update-index", "--add", "--cacheinfo", `160000,${head},libs/sub`);
      run("commit", "-qm", "sub");
      run("checkout", "-qf", "main");
    });
    for (const name of ["with", "main", "with"]) {
      t.git("checkout", "-q", name);
      await checkout(t.repo, { name });
      t.expectEqual();
    }
    for (const dir of [t.theirs, t.ours]) write(dir, "libs/sub/file", "mine\n");
    t.git("checkout", "-q", "main");
    await checkout(t.repo, { name: "main" });
    t.expectEqual();
  });

  it("runs nothing and refuses where a filter would have to run", async () => {
    const t = await twins((dir, run) => {
      write(dir, "a", "a\n");
      run("add", ".");
      run("commit", "-qm", "x");
      run("checkout", "-qb", "other");
      write(dir, "b.bin", "b\n");
      run("add", ".");
      run("commit", "-qm", "y");
      run("checkout", "-q", "main");
    });
    const ran = path.join(path.dirname(t.ours), "ran");
    git(t.ours, "config", "filter.evil.smudge", `touch ${ran}`);
    git(t.ours, "config", "core.fsmonitor", `touch ${ran}`);
    write(t.ours, ".git/info/attributes", "*.bin filter=evil\n");
    write(t.ours, ".git/hooks/post-checkout", `#!/bin/sh\ntouch ${ran}\n`);
    chmodSync(path.join(t.ours, ".git/hooks/post-checkout"), 0o755);
    t.repo.refresh();
    await expect(checkout(t.repo, { name: "other" })).rejects.toMatchObject({ code: "UNSUPPORTED" });
    expect((await checkout(t.repo, { name: "fresh", create: true })).note).toContain("post-checkout");
    expect(existsSync(ran)).toBe(false);
  });

  it("does as git where the file system knows no links, no modes, or no upper case", async () => {
    const t = await twins((dir, run) => {
      write(dir, "a", "a\n");
      run("add", ".");
      run("commit", "-qm", "x");
      run("checkout", "-qb", "links");
      symlinkSync("a", path.join(dir, "link"));
      write(dir, "run", "r\n");
      chmodSync(path.join(dir, "run"), 0o755);
      run("add", ".");
      run("commit", "-qm", "y");
      run("checkout", "-q", "main");
      run("config", "core.symlinks", "false");
      run("config", "core.filemode", "false");
    });
    for (const name of ["links", "main", "links"]) {
      t.git("checkout", "-q", name);
      await checkout(t.repo, { name });
      t.expectEqual();
    }
    const blob = git(t.ours, "rev-parse", "HEAD:a");
    const tree = hostileTree(t.ours, [
      ["100644", "Readme", blob],
      ["100644", "a", blob],
      ["100644", "readme", blob],
    ]);
    const folded = git(t.ours, "commit-tree", "-m", "folded", tree);
    git(t.ours, "config", "core.ignorecase", "true");
    t.repo.refresh();
    await expect(checkout(t.repo, { name: folded })).rejects.toMatchObject({ code: "UNSUPPORTED" });
    expect(readdirSync(t.ours).sort()).toEqual([".git", "a", "link", "run"]);
  });

  it("refuses a branch that another worktree has", async () => {
    const t = await twins((dir, run) => {
      write(dir, "a", "a\n");
      run("add", ".");
      run("commit", "-qm", "x");
      run("branch", "taken");
    });
    git(t.ours, "worktree", "add", "-q", "../linked", "taken");
    await expect(checkout(t.repo, { name: "taken" })).rejects.toMatchObject({ code: "CONFLICT" });
  });
});
