import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { porcelainV2 } from "../../../../test/support/porcelain.js";
import { NO_STAT } from "../../index-file/stat-of.js";
import type { IndexEntry } from "../../index-file/types.js";
import { NULL_ID } from "../../object-id.js";
import { openRepository } from "../../open-repository.js";
import { readStatus } from "../status.js";
import { fillInStats } from "./fill-in-stats.js";
import { SharedStats } from "./shared-stats.js";
import { StatThread } from "./stat-thread.js";

const FILES = 3000;

let directory: string;
beforeEach(async () => {
  directory = await tempDir();
});

/** Paths in the order of an index. */
function plantFiles(): string[] {
  const paths: string[] = [];
  for (let i = 0; i < FILES; i++) {
    const parent = `d${i % 20}`;
    if (i < 20) mkdirSync(join(directory, parent));
    paths.push(`${parent}/f${i}`);
    writeFileSync(join(directory, parent, `f${i}`), "x".repeat(i % 50));
  }
  return paths.sort();
}

const entryOf = (path: string): IndexEntry => ({
  ...{ path, mode: 0o100644, oid: NULL_ID, stage: 0, stat: NO_STAT },
  ...{ assumeValid: false, skipWorktree: false, intentToAdd: false },
});

function expectStatsOf(paths: readonly string[], stats: SharedStats, from = 0): void {
  for (const [file, path] of paths.entries()) {
    if (file < from) continue;
    const { mode, size, mtimeMs, ctimeMs, ino, uid, gid } = lstatSync(join(directory, path));
    expect(stats.at(file)).toEqual({ mode, size, mtimeMs, ctimeMs, ino, uid, gid });
  }
}

describe("filling in", () => {
  test("gives what lstat does, and nothing of what is absent or behind a link", () => {
    mkdirSync(join(directory, "a"));
    writeFileSync(join(directory, "a/file"), "content");
    symlinkSync("file", join(directory, "a/link"));
    symlinkSync("a", join(directory, "b"));
    const paths = ["a", "a/file", "a/link", "b", "a/absent", "a/file/below", "b/file", "c/absent"];
    const stats = SharedStats.forFiles(paths.length);
    fillInStats(directory, paths, stats);
    expect(stats.arriveAt(1)).toBe(true);
    expectStatsOf(paths.slice(0, 4), stats, 1);
    expect([0, 1, 2, 3].map((file) => [stats.at(file)?.isDirectory(), stats.at(file)?.isSymbolicLink()])).toEqual([
      [undefined, undefined],
      [false, false],
      [false, true],
      [false, true],
    ]);
    expect([4, 5, 6, 7].map((file) => stats.at(file))).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("stops where the reader is", () => {
    const paths = plantFiles();
    const stats = SharedStats.forFiles(paths.length);
    stats.arriveAt(2000);
    fillInStats(directory, paths, stats);
    expect([2000, 2001].map((file) => stats.at(file) !== undefined)).toEqual([false, true]);
    stats.arriveAt(paths.length);
    const again = SharedStats.forFiles(paths.length, stats);
    expect(again).toBe(stats);
    expect(again.arriveAt(2999)).toBe(false);
  });

  test("does not take memory that is still read from", () => {
    const stats = SharedStats.forFiles(10);
    stats.arriveAt(8);
    expect(SharedStats.forFiles(10, stats)).not.toBe(stats);
    expect(SharedStats.forFiles(11, stats).count).toBe(11);
  });
});

describe("the thread", () => {
  let thread: StatThread;
  beforeEach(() => {
    thread = new StatThread();
  });
  afterEach(() => thread.close());

  test("fills in all files of an index, twice and after an end", async () => {
    const paths = plantFiles();
    const entries = paths.map(entryOf);
    for (const round of ["first", "paths are known", "another thread"]) {
      if (round === "another thread") await thread.close();
      const stats = thread.statsOf(directory, entries);
      if (stats === undefined) throw new Error("There is no thread");
      await vi.waitFor(() => expect(stats.filledFrom).toBe(1), { timeout: 20_000 });
      expectStatsOf(paths, stats, 1);
      stats.arriveAt(paths.length);
    }
  });

  test("is not there for few files, nor where it cannot start", async () => {
    const entries = Array.from({ length: FILES }, (_, i) => entryOf(`f${i}`));
    expect(thread.statsOf(directory, entries.slice(0, 100))).toBeUndefined();
    const broken = new StatThread(join(directory, "absent.js"));
    broken.statsOf(directory, entries);
    await vi.waitFor(() => expect(broken.statsOf(directory, entries)).toBeUndefined(), { timeout: 20_000 });
  });
});

describeGit("the status of many files", () => {
  test("is git's, whoever looks at them", async () => {
    const paths = plantFiles();
    git(directory, "init", "-q");
    git(directory, "add", ".");
    git(directory, "commit", "-q", "-m", "files");
    const repo = openRepository(directory, { paths: [directory] });
    for (let round = 0; round < 12; round++) {
      const path = (at: number) => join(directory, paths[(round * 241 + at * 997) % FILES] ?? "");
      rmSync(path(0), { force: true });
      writeFileSync(path(1), `changed ${round}`);
      rmSync(path(2), { force: true });
      symlinkSync("nowhere", path(2));
      repo.refresh();
      const expected = gitBytes(directory, ["--no-optional-locks", "status", "--porcelain=v2", "--branch", "-z"]);
      expect(porcelainV2(await readStatus(repo)).split("\0")).toEqual(expected.toString("latin1").split("\0"));
    }
    repo.close();
  });

  test("ends with its signal", async () => {
    plantFiles();
    git(directory, "init", "-q");
    git(directory, "add", ".");
    const repo = openRepository(directory, { paths: [directory] });
    await expect(readStatus(repo, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    repo.close();
  });
});
