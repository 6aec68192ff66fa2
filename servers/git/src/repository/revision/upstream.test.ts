import { describeGit, git, tempDir } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { bytesOf, textOf } from "../bytes/byte-string.js";
import { openRepository } from "../open-repository.js";
import { resolveRevision } from "./resolve.js";
import { trackedRef } from "./upstream.js";

describeGit("upstreams", () => {
  it("of branches, remotes and patterns that are not ASCII are those of git", async () => {
    const dir = await tempDir();
    git(dir, "init", "-q", "-b", "grün");
    git(dir, "commit", "-q", "--allow-empty", "-m", "one");
    git(dir, "config", "remote.überall.fetch", "+refs/heads/*:refs/remotes/süd/*");
    git(dir, "update-ref", "refs/remotes/süd/blätter", "HEAD");
    git(dir, "config", "branch.grün.remote", "überall");
    git(dir, "config", "branch.grün.merge", "refs/heads/blätter");
    git(dir, "branch", "--track", "örtlich", "grün");
    const repo = openRepository(dir, { paths: [dir] });
    for (const branch of ["grün", "örtlich"]) {
      const expected = git(dir, "rev-parse", "--symbolic-full-name", `${branch}@{u}`);
      const found = trackedRef(repo.config, bytesOf(`refs/heads/${branch}`));
      expect(found && textOf(found)).toBe(expected);
      expect(resolveRevision(repo, `${branch}@{u}`)).toBe(git(dir, "rev-parse", `${branch}@{u}`));
    }
  });
});
