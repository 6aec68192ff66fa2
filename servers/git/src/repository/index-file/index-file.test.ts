import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildRepository, repositoryPlan, submoduleTemplate } from "../../../test/support/generated-repository.js";
import { openRepository } from "../open-repository.js";
import { formatIndex } from "./format-index.js";
import { IndexLock } from "./index-lock.js";
import { parseIndex } from "./parse-index.js";
import { readIndex } from "./read-index.js";
import { NO_STAT } from "./stat-of.js";
import type { IndexEntry } from "./types.js";
import { writeTree } from "./write-tree.js";

const open = (dir: string) => openRepository(dir, { paths: [dir] });
const debugOf = (dir: string): string =>
  gitBytes(dir, ["ls-files", "--stage", "--debug", "-t", "-v", "-z"]).toString("latin1");

const entry = (path: string, more: Partial<IndexEntry> = {}): IndexEntry => ({
  path,
  mode: 0o100644,
  oid: "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
  stage: 0,
  stat: NO_STAT,
  assumeValid: false,
  skipWorktree: false,
  intentToAdd: false,
  ...more,
});

/** The bytes of an index, its checksum made anew. */
function resealed(bytes: Buffer): Buffer {
  const body = bytes.subarray(0, -20);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}

describeGit("the index of generated repositories", () => {
  test("is read, written and made into trees as git does", { timeout: 300_000 }, async () => {
    const parent = await tempDir();
    const template = submoduleTemplate(parent);
    let next = 0;
    await fc.assert(
      fc.asyncProperty(repositoryPlan, fc.constantFrom(2, 3, 4), async (plan, version) => {
        const dir = join(parent, `r${next++}`);
        mkdirSync(dir);
        buildRepository(dir, plan, template);
        const repo = open(dir);
        const before = debugOf(dir);
        const { entries } = readIndex(repo.layout);
        const lock = IndexLock.take(repo.layout);
        lock.write(entries, { version, isModified: () => false });
        expect(debugOf(dir)).toBe(before);
        expect(readIndex(repo.layout).entries).toEqual(entries);
        if (entries.some(({ stage }) => stage > 0)) return;
        const tree = treeOf(dir);
        const { oid, cacheTree } = writeTree(repo.objects, entries, readIndex(repo.layout).cacheTree);
        if (tree !== undefined) expect(oid).toBe(tree);
        IndexLock.take(repo.layout).write(entries, { cacheTree });
        git(dir, "fsck", "--strict", "--no-dangling");
        if (tree !== undefined) expect(treeOf(dir)).toBe(tree);
      }),
      { numRuns: Number(process.env["RUNS"] ?? 10) },
    );
  });

  test("is not trusted where its files are as young", async () => {
    const dir = await tempDir();
    git(dir, "init", "-q");
    writeFileSync(join(dir, "a"), "one\n");
    git(dir, "add", "a");
    const { layout } = open(dir);
    const { mtime } = statSync(join(dir, "a"));
    writeFileSync(join(dir, "a"), "two\n");
    utimesSync(join(dir, "a"), mtime, mtime);
    const lock = IndexLock.take(layout);
    lock.write(lock.index.entries);
    expect(readIndex(layout).entries[0]?.stat.size).toBe(0);
    expect(git(dir, "diff-files", "--name-only")).toBe("a");
  });

  test("keeps the trees that did not change", async () => {
    const dir = await tempDir();
    git(dir, "init", "-q");
    for (const path of ["a/x", "b/c/y", "b/z"]) {
      mkdirSync(join(dir, path, ".."), { recursive: true });
      writeFileSync(join(dir, path), path);
    }
    git(dir, "add", ".");
    git(dir, "commit", "-qm", "all");
    const { layout } = open(dir);
    const lock = IndexLock.take(layout);
    lock.write(lock.index.entries.filter(({ path }) => path !== "b/z"));
    const root = readIndex(layout).cacheTree;
    expect(root?.oid).toBeUndefined();
    expect(root?.children.get("a")?.oid).toBe(git(dir, "rev-parse", "HEAD:a"));
    expect(root?.children.get("b")?.oid).toBeUndefined();
    expect(root?.children.get("b")?.children.get("c")?.oid).toBe(git(dir, "rev-parse", "HEAD:b/c"));
  });

  test("is locked for others while it is changed", async () => {
    const dir = await tempDir();
    git(dir, "init", "-q");
    const { layout } = open(dir);
    const lock = IndexLock.take(layout);
    expect(() => IndexLock.take(layout)).toThrow("index.lock exists");
    writeFileSync(join(dir, "a"), "");
    expect(() => git(dir, "add", "a")).toThrow("index.lock");
    lock.release();
    lock.release();
    git(dir, "add", "a");
    expect(existsSync(join(dir, ".git/index.lock"))).toBe(false);
  });

  test("is refused where it is split, and read without a checksum", async () => {
    const dir = await tempDir();
    git(dir, "init", "-q");
    writeFileSync(join(dir, "a"), "");
    git(dir, "add", "a");
    const path = join(dir, ".git/index");
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0, bytes.length - 20));
    expect(readIndex(open(dir).layout).entries).toHaveLength(1);
    git(dir, "update-index", "--split-index");
    expect(() => readIndex(open(dir).layout)).toThrow("split");
  });
});

/** Undefined where git makes no tree of it, as of a file in the place of a directory. */
function treeOf(dir: string): string | undefined {
  try {
    return git(dir, "write-tree", "--missing-ok");
  } catch {
    return undefined;
  }
}

describe("a hostile index", () => {
  const good = formatIndex(4, [entry("a"), entry("b", { skipWorktree: true })], {
    oid: undefined,
    entryCount: -1,
    children: new Map(),
  });

  test("ends in an error or in entries, whatever its bytes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(good.length),
        (changes, length) => {
          const bytes = Buffer.from(good);
          for (const [at, byte] of changes) bytes[at] = byte;
          for (const candidate of [resealed(bytes), resealed(bytes.subarray(0, Math.max(length, 20)))]) {
            try {
              expect(parseIndex(candidate).entries.length).toBeLessThan(good.length);
            } catch (error) {
              expect(error).toMatchObject({ name: "ToolError" });
            }
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each(["../a", "a/../b", ".git/config", "a/.GIT/hooks/x", "/etc/passwd", "a//b", "./a", "a/"])(
    "may not name %s",
    async (path) => {
      const dir = await tempDir();
      mkdirSync(join(dir, ".git/objects"), { recursive: true });
      mkdirSync(join(dir, ".git/refs"));
      writeFileSync(join(dir, ".git/HEAD"), "ref: refs/heads/main\n");
      writeFileSync(join(dir, ".git/index"), formatIndex(2, [entry(path)], undefined));
      expect(() => readIndex(open(dir).layout)).toThrow("outside the worktree");
    },
  );

  test("may not be out of order", async () => {
    const dir = await tempDir();
    mkdirSync(join(dir, ".git/objects"), { recursive: true });
    mkdirSync(join(dir, ".git/refs"));
    writeFileSync(join(dir, ".git/HEAD"), "ref: refs/heads/main\n");
    writeFileSync(join(dir, ".git/index"), formatIndex(2, [entry("b"), entry("a")], undefined));
    expect(() => readIndex(open(dir).layout)).toThrow("not in order");
  });

  test("may not count more than there is", () => {
    const bytes = Buffer.from(good);
    bytes.writeUInt32BE(0xffffffff, 8);
    expect(() => parseIndex(resealed(bytes))).toThrow("more entries");
  });
});
