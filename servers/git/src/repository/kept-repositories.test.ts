import { appendFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { KeptRepositories } from "./kept-repositories.js";

let dir: string;
let kept: KeptRepositories;

const open = (...roots: string[]): KeptRepositories => {
  const repositories = new KeptRepositories({ paths: roots });
  onTestFinished(() => repositories.close());
  return repositories;
};

describeGit("repositories kept open", () => {
  beforeEach(async () => {
    dir = await tempDir();
    git(dir, "init", "-q");
    kept = open(dir);
  });

  test("are the same for every folder of one worktree", () => {
    expect(kept.get(dir)).toBe(kept.get(join(dir, ".git/refs")));
  });

  test("notice commits, config, index and attributes that others change", () => {
    const before = kept.get(dir);
    expect([before.index().entries.length, before.config.get("a.b"), before.refs.head().oid]).toEqual([
      0,
      undefined,
      undefined,
    ]);
    writeFileSync(join(dir, "file"), "1");
    writeFileSync(join(dir, ".gitattributes"), "file x=1");
    git(dir, "add", ".");
    git(dir, "commit", "-qm", "one");
    git(dir, "config", "a.b", "c");
    git(dir, "repack", "-adq");
    const after = kept.get(dir);
    const head = git(dir, "rev-parse", "HEAD");
    expect([after.index().entries.length, after.config.get("a.b"), after.refs.head().oid]).toEqual([2, "c", head]);
    expect(after.attributes().get("file", "x")).toBe("1");
    expect(after.objects.commit(head).message).toBe("one\n");
    writeFileSync(join(dir, ".gitattributes"), "file x=2");
    expect(kept.get(dir).attributes().get("file", "x")).toBe("2");
    expect(after.index()).toBe(after.index());
  });

  test("are not what another repository in their place is", async () => {
    const outside = await tempDir();
    git(outside, "init", "-q");
    kept.get(dir);
    renameSync(join(dir, ".git"), join(dir, "old"));
    symlinkSync(join(outside, ".git"), join(dir, ".git"));
    expect(() => kept.get(dir)).toThrow(expect.objectContaining({ code: "OUTSIDE_ROOT" }));
    rmSync(join(dir, ".git"));
    git(dir, "init", "-q");
    appendFileSync(join(dir, ".git/config"), "[core]repositoryformatversion = 9");
    expect(() => kept.get(dir)).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
  });

  test("that were pushed out or closed can still be read from", async () => {
    const root = await tempDir();
    const many = open(root);
    const repositories = Array.from({ length: 12 }, (_, i) => {
      const place = join(root, `${i}`);
      git(root, "init", "-q", place);
      const oid = gitBytes(place, ["hash-object", "-w", "--stdin"], { input: `${i}` })
        .toString()
        .trim();
      gitBytes(place, ["pack-objects", "-q", ".git/objects/pack/pack"], { input: oid });
      git(place, "prune-packed");
      return { place, oid, repository: many.get(place) };
    });
    for (const [i, { oid, repository, place }] of repositories.entries()) {
      expect(repository.objects.blob(oid).toString()).toBe(`${i}`);
      expect(many.get(place).objects.has(repositories[(i + 1) % 12]?.oid ?? "")).toBe(false);
    }
    many.close();
    for (const { oid, repository } of repositories) expect(repository.objects.header(oid).type).toBe("blob");
  });
});
