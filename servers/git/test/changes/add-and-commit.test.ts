import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describeGit, git } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { add } from "../../src/changes/add/add.js";
import { commit } from "../../src/changes/commit/commit.js";
import { MOMENT, twins } from "./twins.js";

function files(dir: string): void {
  mkdirSync(path.join(dir, "src/deep"), { recursive: true });
  writeFileSync(path.join(dir, "a.txt"), "one\n");
  writeFileSync(path.join(dir, "src/run.sh"), "#!/bin/sh\n");
  chmodSync(path.join(dir, "src/run.sh"), 0o755);
  writeFileSync(path.join(dir, "src/deep/b.ts"), "b\n");
  writeFileSync(path.join(dir, "src.ts"), "between src and src/\n");
  symlinkSync("a.txt", path.join(dir, "link"));
  writeFileSync(path.join(dir, ".gitignore"), "*.log\n/out\n");
  writeFileSync(path.join(dir, "x.log"), "ignored\n");
}

const both = (dirs: readonly string[], change: (dir: string) => void) => {
  for (const dir of dirs) change(dir);
};

describeGit("adding and committing", () => {
  it("makes the same first commit as git", async () => {
    const t = await twins(files);
    t.git("add", ".");
    t.git("commit", "-q", "-m", "First\n\n\n\nbody  \n");
    const added = await add(t.repo, { paths: ["."] });
    expect(added.added).toEqual([".gitignore", "a.txt", "link", "src/deep/b.ts", "src/run.sh", "src.ts"]);
    await commit(t.repo, {
      message: "First\n\n\n\nbody  \n",
      author: { name: "A U Thor", email: "author@example.com" },
      moment: MOMENT,
    });
    t.expectEqual();
  });

  it("stages changes, modes, type changes, removals and directories that became files", async () => {
    const t = await twins((dir, run) => {
      files(dir);
      run("add", ".");
      run("commit", "-qm", "x");
    });
    both([t.theirs, t.ours], (dir) => {
      writeFileSync(path.join(dir, "a.txt"), "two\n");
      chmodSync(path.join(dir, "src/run.sh"), 0o644);
      rmSync(path.join(dir, "link"));
      writeFileSync(path.join(dir, "link"), "a file now");
      rmSync(path.join(dir, "src/deep"), { recursive: true });
      writeFileSync(path.join(dir, "src/deep"), "a file");
      rmSync(path.join(dir, "src.ts"));
      mkdirSync(path.join(dir, "src.ts"));
      writeFileSync(path.join(dir, "src.ts/inner"), "x");
    });
    t.git("add", ".");
    await add(t.repo, { paths: ["."] });
    t.expectEqual();
    t.git("commit", "-qm", "second");
    await commit(t.repo, {
      message: "second",
      author: { name: "A U Thor", email: "author@example.com" },
      moment: MOMENT,
    });
    t.expectEqual();
    expect(git(t.ours, "log", "-1", "--format=%H")).toBe(git(t.theirs, "log", "-1", "--format=%H"));
  });
});
