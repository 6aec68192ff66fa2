import { utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import { expect, test } from "vitest";
import { IndexLock } from "../../repository/index-file/index-lock.js";
import { openRepository } from "../../repository/open-repository.js";
import { EntryStates } from "./entry-states.js";
import { WorktreeWriter } from "./worktree-writer.js";

describeGit("an entry whose size was marked as not to be trusted", () => {
  test("is not taken for an empty file", async () => {
    const dir = await tempDir();
    git(dir, "init", "-q");
    writeFileSync(path.join(dir, "file"), "");
    utimesSync(path.join(dir, "file"), 1_000_000_000, 1_000_000_000);
    git(dir, "add", "file");
    const oid = gitBytes(dir, ["hash-object", "-w", "--stdin"], { input: "content" }).toString().trim();
    const repo = openRepository(dir, { paths: [dir] });
    IndexLock.take(repo.layout).write(repo.index().entries.map((entry) => ({ ...entry, oid })));
    expect(git(dir, "--no-optional-locks", "status", "--porcelain").trim()).toBe("AM file");
    const writer = new WorktreeWriter(repo);
    const states = new EntryStates(repo, repo.index(), writer);
    expect(repo.index().entries.map((entry) => states.of(entry))).toEqual(["modified"]);
    writer.close();
  });
});
