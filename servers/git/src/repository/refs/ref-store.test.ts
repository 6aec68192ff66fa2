import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeGit, git, tempDir } from "@mcp-reference/testing";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { lines, opened } from "../history/generated-history.fixture.js";
import { NULL_ID } from "../object-id.js";
import type { RefChange, RefStore } from "./types.js";

const who = { name: "A <U> Thor", email: "a@example.com", seconds: 1_700_000_000, zone: "+0100" };
const WRITER = join(import.meta.dirname, "ref-writer.fixture.ts");

let built: string;
let dir: string;
let first: string;
let second: string;

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), "mcp-test-"));
  // Compiled once: twenty processes are to start at about the same time.
  await build({
    entryPoints: [WRITER],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: join(built, "writer.cjs"),
    logLevel: "error",
  });
});

afterAll(() => rm(built, { recursive: true }));

beforeEach(async () => {
  dir = await tempDir();
  git(dir, "init", "-q");
  git(dir, "commit", "-q", "--allow-empty", "-m", "first");
  git(dir, "commit", "-q", "--allow-empty", "-m", "second");
  [second = "", first = ""] = lines(git(dir, "rev-list", "HEAD"));
});

const store = (): RefStore => opened(dir).refs;
const change = (changes: readonly RefChange[], message = "test") => store().update(changes, { who, message });
const at = (path: string) => join(dir, ".git", path);
const heads = () => lines(git(dir, "for-each-ref", "--format=%(refname) %(objectname)"));
const listed = () =>
  store()
    .list()
    .map(({ name, oid }) => `${name} ${oid}`);
const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return String((error as { code?: string }).code);
  }
  return "none";
};

describeGit("reading refs", () => {
  it("lists loose, packed and symbolic ones as git for-each-ref does", () => {
    git(dir, "branch", "packed");
    git(dir, "branch", "dir/both", first);
    git(dir, "tag", "-a", "-m", "tag", "v1", first);
    git(dir, "pack-refs", "--all");
    git(dir, "update-ref", "refs/heads/dir/both", second);
    git(dir, "branch", "a-b");
    git(dir, "branch", "a/b");
    git(dir, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/heads/packed");
    git(dir, "symbolic-ref", "refs/heads/dangling", "refs/heads/nothing");
    writeFileSync(at("refs/heads/broken"), "secret content\n");
    writeFileSync(at("refs/heads/x.lock"), `${first}\n`);
    expect(listed()).toEqual(heads());
    expect(
      store()
        .list("refs/heads/a")
        .map(({ name }) => name),
    ).toEqual(["refs/heads/a-b", "refs/heads/a/b"]);
    expect(store().symbolic("refs/remotes/origin/HEAD")).toBe("refs/heads/packed");
    expect(store().peeled("refs/tags/v1")).toBe(first);
    expect(() => store().resolve("refs/heads/broken")).toThrow(/^(?!.*secret)/);
  });

  it("knows the refs of a linked worktree from those of all", () => {
    git(dir, "worktree", "add", "-q", "-b", "side", "linked", first);
    git(join(dir, "linked"), "update-ref", "refs/bisect/bad", first);
    git(dir, "update-ref", "refs/bisect/good", second);
    const linked = opened(join(dir, "linked"), dir).refs;
    expect(linked.head()).toEqual({ kind: "branch", ref: "refs/heads/side", oid: first });
    const expected = lines(git(join(dir, "linked"), "for-each-ref", "--format=%(refname) %(objectname)"));
    expect(linked.list().map(({ name, oid }) => `${name} ${oid}`)).toEqual(expected);
    expect(listed()).toEqual(heads());
    linked.update([{ ref: "HEAD", to: second, expected: first }], { who, message: "linked" });
    expect(git(dir, "rev-parse", "side")).toBe(second);
    expect(git(join(dir, "linked"), "reflog", "-1", "--format=%gs")).toBe("linked");
  });

  it("refuses names that lead elsewhere, circles and links", async () => {
    const elsewhere = await tempDir();
    writeFileSync(join(dir, "outside"), `${first}\n`);
    writeFileSync(join(elsewhere, "file"), `${first}\n`);
    for (const name of ["../outside", "refs/../../outside", "refs/heads/../../config", "refs//heads", "config"]) {
      expect(store().resolve(name)).toBeUndefined();
      expect(code(() => change([{ ref: name, to: first }]))).toBe("INVALID_ARGUMENT");
    }
    git(dir, "symbolic-ref", "refs/heads/one", "refs/heads/two");
    git(dir, "symbolic-ref", "refs/heads/two", "refs/heads/one");
    expect(code(() => store().resolve("refs/heads/one"))).toBe("UPSTREAM");
    symlinkSync(join(elsewhere, "file"), at("refs/heads/link"));
    expect(code(() => store().resolve("refs/heads/link"))).toBe("OUTSIDE_ROOT");
    rmSync(at("refs/heads/link"));
    symlinkSync(elsewhere, at("refs/heads/link"));
    expect(code(() => change([{ ref: "refs/heads/link/x", to: first }]))).toBe("OUTSIDE_ROOT");
    writeFileSync(at("packed-refs"), "# pack-refs with: sorted \nsecret\n");
    expect(() => store().list()).toThrow(/packed-refs is damaged/);
  });
});

describeGit("changing refs", () => {
  /** The same change by git and by us leaves the same refs and reflogs. */
  it("writes values and reflogs as git update-ref does", async () => {
    const steps: [RefChange, string[]][] = [
      [{ ref: "HEAD", to: first }, ["HEAD", first]],
      [{ ref: "refs/heads/main", to: second, expected: first }, ["refs/heads/main", second, first]],
      [{ ref: "refs/heads/main", to: second }, ["refs/heads/main", second]],
      [{ ref: "refs/heads/new/x", to: first, expected: null }, ["refs/heads/new/x", first, NULL_ID]],
      [{ ref: "refs/tags/t", to: first }, ["refs/tags/t", first]],
      [{ ref: "refs/heads/new/x", to: undefined }, ["-d", "refs/heads/new/x"]],
      [{ ref: "refs/heads/new", to: first }, ["refs/heads/new", first]],
      [{ ref: "HEAD", to: first, follow: false }, ["--no-deref", "HEAD", first]],
      [{ ref: "HEAD", to: second }, ["HEAD", second]],
    ];
    const other = await tempDir();
    git(other, "clone", "-q", "--mirror", dir, "bare");
    git(other, "init", "-q", "theirs");
    const theirs = join(other, "theirs");
    git(theirs, "fetch", "-q", dir, "main");
    git(theirs, "update-ref", "HEAD", second);
    rmSync(at("logs"), { recursive: true });
    rmSync(join(theirs, ".git/logs"), { recursive: true });
    for (const [index, [ours, args]] of steps.entries()) {
      change([ours], `step ${index}`);
      git(theirs, "update-ref", "-m", `step ${index}`, ...args);
      expect(heads()).toEqual(lines(git(theirs, "for-each-ref", "--format=%(refname) %(objectname)")));
      for (const log of ["HEAD", "refs/heads/main", "refs/heads/new/x", "refs/heads/new", "refs/tags/t"]) {
        expect(reflogIn(dir, log), `${log} after ${args.join(" ")}`).toEqual(reflogIn(theirs, log));
      }
    }
    expect(git(dir, "fsck", "--strict")).toBe("");
  });

  it("checks out a branch, and tells it in the reflog of HEAD", () => {
    git(dir, "branch", "side", first);
    change([{ ref: "HEAD", to: undefined, target: "refs/heads/side" }], "checkout: moving from main to side");
    expect(git(dir, "symbolic-ref", "HEAD")).toBe("refs/heads/side");
    expect(git(dir, "rev-parse", "@{-1}")).toBe(second);
    expect(store().reflog("HEAD")[0]).toMatchObject({ from: second, to: first });
  });

  it("deletes packed refs too, and keeps the others peeled", () => {
    git(dir, "tag", "-a", "-m", "tag", "v1");
    git(dir, "branch", "gone/deep");
    git(dir, "pack-refs", "--all");
    change([{ ref: "refs/heads/gone/deep", to: undefined, expected: second }]);
    expect(heads()).toHaveLength(2);
    expect(readFileSync(at("packed-refs"), "utf8")).toContain("fully-peeled");
    expect(git(dir, "rev-parse", "v1^{}")).toBe(second);
    expect(existsSync(at("refs/heads/gone"))).toBe(false);
    expect(existsSync(at("logs/refs/heads/gone"))).toBe(false);
  });

  it("refuses what does not fit, and then changes nothing", () => {
    git(dir, "branch", "packed/one");
    git(dir, "pack-refs", "--all");
    git(dir, "branch", "loose");
    const before = heads();
    const refused: [RefChange[], string][] = [
      [[{ ref: "refs/heads/packed", to: first }], "CONFLICT"],
      [[{ ref: "refs/heads/packed/one/two", to: first }], "CONFLICT"],
      [[{ ref: "refs/heads/loose/two", to: first }], "CONFLICT"],
      [
        [
          { ref: "refs/heads/x", to: first },
          { ref: "refs/heads/x/y", to: first },
        ],
        "CONFLICT",
      ],
      [
        [
          { ref: "refs/heads/x", to: first },
          { ref: "refs/heads/main", to: first, expected: first },
        ],
        "CONFLICT",
      ],
      [
        [
          { ref: "refs/heads/x", to: first },
          { ref: "refs/heads/loose", to: first, expected: null },
        ],
        "CONFLICT",
      ],
      [
        [
          { ref: "refs/heads/x", to: first },
          { ref: "refs/heads/gone", to: undefined, expected: first },
        ],
        "CONFLICT",
      ],
      [[{ ref: "refs/heads/x", to: "1".repeat(40) }], "NOT_FOUND"],
      [[{ ref: "refs/heads/x", to: git(dir, "rev-parse", "HEAD^{tree}") }], "INVALID_ARGUMENT"],
      [
        [
          { ref: "refs/heads/x", to: first },
          { ref: "refs/heads/x", to: second },
        ],
        "INVALID_ARGUMENT",
      ],
      [[{ ref: "refs/heads/x y", to: first }], "INVALID_ARGUMENT"],
    ];
    for (const [changes, expected] of refused)
      expect(
        code(() => change(changes)),
        JSON.stringify(changes),
      ).toBe(expected);
    expect(heads()).toEqual(before);
    expect(lines(git(dir, "status", "--porcelain"))).toEqual([]);
    change([{ ref: "refs/heads/x", to: first }]);
  });

  it("respects a lock and says what to delete, and clears empty directories out of the way", () => {
    writeFileSync(at("refs/heads/main.lock"), "");
    expect(() => change([{ ref: "HEAD", to: first }])).toThrow(/refs\/heads\/main is locked by another process/);
    rmSync(at("refs/heads/main.lock"));
    mkdirSync(at("refs/heads/a/b/c"), { recursive: true });
    mkdirSync(at("logs/refs/heads/a/b"), { recursive: true });
    change([{ ref: "refs/heads/a", to: first, expected: null }]);
    expect(git(dir, "rev-parse", "a")).toBe(first);
  });

  it("loses nothing when 20 processes write at once", async () => {
    git(dir, "pack-refs", "--all");
    const writers = Array.from({ length: 20 }, (_, number) => writer(number, 2));
    const exits = await Promise.all(writers.map((child) => once(child, "exit")));
    expect(exits.map(([status]) => status)).toEqual(writers.map(() => 0));
    const names = heads().map((line) => line.split(" ")[0] ?? "");
    expect(names.filter((name) => name.startsWith("refs/heads/own/"))).toHaveLength(40);
    expect(names.filter((name) => name.startsWith("refs/heads/gone/"))).toEqual([]);
    const log = store().reflog("refs/heads/shared");
    expect(log).toHaveLength(40);
    expect(log.slice(1).map(({ to }) => to)).toEqual(log.slice(0, -1).map(({ from }) => from));
    expect(git(dir, "fsck", "--strict")).toBe("");
  });

  it("leaves a repository that git accepts when it is killed", async () => {
    for (const number of [0, 1, 2]) {
      const child = writer(number, 100_000);
      // Killed in the middle of whatever comes after so many refs.
      while (!existsSync(at(`refs/heads/own/${number}/${20 + 13 * number}`))) await new Promise(setImmediate);
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    expect(lines(git(dir, "fsck", "--strict"))).toEqual([]);
    const found = heads();
    expect(listed()).toEqual(found);
  });
});

function writer(number: number, rounds: number): ChildProcess {
  return fork(join(built, "writer.cjs"), [dir, `${number}`, first, second, `${rounds}`], { stdio: "inherit" });
}

/** Ids and messages; who did it differs. */
function reflogIn(repository: string, ref: string): string[] {
  const path = join(repository, ".git/logs", ref);
  if (!existsSync(path) || !statSync(path).isFile()) return [];
  return lines(readFileSync(path, "utf8")).map((line) => `${line.slice(0, 81)} ${line.split("\t")[1]}`);
}
