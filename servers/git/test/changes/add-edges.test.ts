import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describeGit, git } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { type AddRequest, add } from "../../src/changes/add/add.js";
import { commit } from "../../src/changes/commit/commit.js";
import { keepForUndo } from "../../src/changes/undo-ref.js";
import { bytesOf } from "../../src/repository/bytes/byte-string.js";
import { MOMENT, type Twins, twins } from "./twins.js";

const write = (dir: string, name: string, text: string) => {
  mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
  writeFileSync(path.join(dir, name), text);
};

const inBoth = (t: Twins, change: (dir: string) => void) => {
  for (const dir of [t.theirs, t.ours]) change(dir);
};

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error) => String(error.code ?? error),
  );

const some = () =>
  twins((dir, run) => {
    write(dir, "a.ts", "a\n");
    write(dir, "src/b.ts", "b\n");
    write(dir, ".gitignore", "*.log\nout/\n");
    write(dir, ".gitattributes", "*.crlf text eol=crlf\n");
    run("add", ".");
    run("commit", "-qm", "x");
    write(dir, "new.ts", "n\n");
    write(dir, "src/new.ts", "n\n");
    write(dir, "dos.crlf", "one\r\ntwo\r\n");
    write(dir, "x.log", "log\n");
    write(dir, "out/y", "y\n");
    write(dir, "a.ts", "changed\n");
    write(dir, "weird [x].ts", "w\n");
    rmSync(path.join(dir, "src/b.ts"));
  });

describeGit("what is staged", () => {
  it.each<[string[], AddRequest]>([
    [["."], { paths: ["."] }],
    [["*.ts"], { paths: ["*.ts"] }],
    [["src/*.ts", "a.ts"], { paths: ["src/*.ts", "a.ts"] }],
    [["src"], { paths: ["src/"] }],
    [["-u", "."], { paths: ["."], update: true }],
    [["-N", "."], { paths: ["."], intentToAdd: true }],
    [["-f", "x.log", "out"], { paths: ["x.log", "out"], force: true }],
    [["--", "weird [x].ts", "./dos.crlf"], { paths: ["weird [x].ts", "./dos.crlf"] }],
  ])("git add %s", async (args, request) => {
    const t = await some();
    t.git("add", ...args);
    await add(t.repo, request);
    t.expectEqual();
    if (request.intentToAdd) {
      t.git("add", "new.ts");
      await add(t.repo, { paths: ["new.ts"] });
      t.expectEqual();
    }
  });

  it("refuses what git refuses, and stages nothing then", async () => {
    const t = await some();
    symlinkSync("src", path.join(t.ours, "ln"));
    const before = git(t.ours, "ls-files", "--stage");
    for (const [file, code] of [
      ["missing", "NOT_FOUND"],
      ["*.none", "NOT_FOUND"],
      ["x.log", "INVALID_ARGUMENT"],
      ["out", "INVALID_ARGUMENT"],
      [".git/config", "INVALID_ARGUMENT"],
      ["src/.GIT/x", "INVALID_ARGUMENT"],
      ["../other", "OUTSIDE_ROOT"],
      ["/etc/passwd", "OUTSIDE_ROOT"],
      ["ln/new.ts", "NOT_FOUND"],
    ] as const) {
      expect(await codeOf(add(t.repo, { paths: ["new.ts", file] })), file).toBe(code);
      expect(git(t.ours, "ls-files", "--stage"), file).toBe(before);
    }
  });

  it("records repositories inside as submodules, never their files", async () => {
    const t = await some();
    inBoth(t, (dir) => {
      write(dir, "inner/file", "1\n");
      git(path.join(dir, "inner"), "init", "-q");
      git(path.join(dir, "inner"), "add", ".");
      git(path.join(dir, "inner"), "commit", "-qm", "inner");
    });
    t.git("add", ".");
    expect((await add(t.repo, { paths: ["."] })).embedded).toEqual(["inner"]);
    t.expectEqual();
    inBoth(t, (dir) => git(path.join(dir, "inner"), "commit", "-q", "--allow-empty", "-m", "more"));
    t.git("add", "inner");
    await add(t.repo, { paths: ["inner"] });
    t.expectEqual();
    inBoth(t, (dir) => mkdirSync(path.join(dir, "empty/.git"), { recursive: true }));
    inBoth(t, (dir) => git(path.join(dir, "empty"), "init", "-q"));
    expect(t.git("add", "empty").ok).toBe(false);
    expect(await codeOf(add(t.repo, { paths: ["empty"] }))).toBe("UNSUPPORTED");
  });

  it("resolves conflicts, and the commit ends the merge", async () => {
    const t = await twins((dir, run) => {
      write(dir, "f", "base\n");
      write(dir, "gone", "base\n");
      run("add", ".");
      run("commit", "-qm", "base");
      run("checkout", "-qb", "side");
      write(dir, "f", "side\n");
      run("rm", "-q", "gone");
      run("commit", "-qam", "side");
      run("checkout", "-q", "main");
      write(dir, "f", "main\n");
      write(dir, "gone", "changed\n");
      run("commit", "-qam", "main");
    });
    inBoth(t, (dir) => {
      expect(() => git(dir, "merge", "side")).toThrow();
    });
    t.repo.refresh();
    expect(await codeOf(commit(t.repo, { message: "early" }))).toBe("CONFLICT");
    expect(await codeOf(commit(t.repo, { message: "early", amend: true }))).toBe("CONFLICT");
    inBoth(t, (dir) => {
      write(dir, "f", "both\n");
      rmSync(path.join(dir, "gone"));
    });
    t.git("add", ".");
    await add(t.repo, { paths: ["."] });
    t.expectEqual();
    t.git("commit", "-qm", "merged");
    const author = { name: "A U Thor", email: "author@example.com" };
    const { parents } = await commit(t.repo, { message: "merged", author, moment: MOMENT });
    expect(parents).toHaveLength(2);
    t.expectEqual();
    expect(git(t.ours, "status")).toBe(git(t.theirs, "status"));
  });
});

describeGit("commits", () => {
  const author = { name: "A U Thor", email: "author@example.com" };

  it("amends, keeps the author, and refuses what would be empty or is not expected", async () => {
    const t = await some();
    expect(await codeOf(commit(t.repo, { message: "x" }))).toBe("INVALID_ARGUMENT");
    expect(await codeOf(commit(t.repo, { message: " \n", allowEmpty: true }))).toBe("INVALID_ARGUMENT");
    expect(await codeOf(commit(t.repo, { message: "x", allowEmpty: true, expectedHead: "1234567" }))).toBe("CONFLICT");
    const head = git(t.ours, "rev-parse", "HEAD");
    t.git("add", "new.ts");
    await add(t.repo, { paths: ["new.ts"] });
    t.git("commit", "-q", "--amend", "-m", "better");
    const { undoRef } = await commit(t.repo, {
      message: "better",
      amend: true,
      expectedHead: head.slice(0, 10),
      moment: MOMENT,
    });
    t.expectEqual();
    expect(git(t.ours, "rev-parse", String(undoRef))).toBe(head);
    t.git("commit", "-q", "--allow-empty", "-m", "on top");
    await commit(t.repo, { message: "on top", allowEmpty: true, author, moment: MOMENT });
    t.expectEqual();
  });

  it("tells of hooks that it did not run", async () => {
    const t = await some();
    const hook = path.join(t.ours, ".git/hooks/pre-commit");
    writeFileSync(hook, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const { note } = await commit(t.repo, { message: "x", allowEmpty: true });
    expect(note).toContain("pre-commit");
    git(t.ours, "config", "core.hooksPath", "src");
    t.repo.refresh();
    expect((await commit(t.repo, { message: "y", allowEmpty: true })).note).toBeUndefined();
  });

  it("keeps the bytes of names and messages", async () => {
    const t = await some();
    git(t.ours, "config", "user.name", "  Jörg, Ünal. ");
    t.repo.refresh();
    await commit(t.repo, { message: bytesOf("Grüße 🎉\n\nß"), allowEmpty: true });
    expect(git(t.ours, "log", "-1", "--format=%cn|%an|%s|%b").trim()).toBe("Jörg, Ünal|Jörg, Ünal|Grüße 🎉|ß");
    expect(git(t.ours, "fsck", "--strict", "--no-dangling")).toBe("");
  });

  it("keeps the latest recovery refs, and no more than fifty", async () => {
    const t = await some();
    const head = git(t.ours, "rev-parse", "HEAD");
    const names = Array.from({ length: 53 }, (_, index) => keepForUndo(t.repo, `Round ../${index}`, head));
    expect(git(t.ours, "for-each-ref", "--format=%(refname)", "refs/mcp-undo/").split("\n")).toEqual(
      names.slice(3).sort(),
    );
  });

  it("needs somebody to commit", async () => {
    const t = await some();
    git(t.ours, "config", "--unset", "user.name");
    t.repo.refresh();
    expect(await codeOf(commit(t.repo, { message: "x", allowEmpty: true }))).toBe("INVALID_ARGUMENT");
  });
});
