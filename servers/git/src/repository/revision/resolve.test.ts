import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idsOf, lines, opened } from "../history/generated-history.fixture.js";
import { walk } from "../history/walk.js";
import type { Repository } from "../repository.js";
import { abbreviate } from "./abbreviate.js";
import { parseDate } from "./parse-date.js";
import { parseRange } from "./range.js";
import { resolveObject, resolveRevision } from "./resolve.js";

let dir: string;
let repo: Repository;

const at = (seconds: number) => ({ GIT_COMMITTER_DATE: `${seconds} +0000`, GIT_AUTHOR_DATE: `${seconds} +0000` });
const commit = (message: string, seconds: number, ...args: string[]) =>
  gitBytes(dir, ["commit", "-q", "--allow-empty", "-m", message, ...args], { env: at(seconds) });

/** What git says, or undefined where it fails. */
function revParse(text: string): string | undefined {
  try {
    return git(dir, "rev-parse", "--verify", "-q", "--end-of-options", text);
  } catch {
    return undefined;
  }
}

function ours(text: string): string | undefined {
  try {
    return resolveObject(repo, text).oid;
  } catch (error) {
    expect(error).toHaveProperty("name", "ToolError");
    return undefined;
  }
}

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return String((error as { code?: string }).code);
  }
  return "none";
};

describeGit("revisions", () => {
  beforeAll(async () => {
    dir = await mkdtemp(join(await realpath(tmpdir()), "mcp-test-"));
    git(dir, "init", "-q");
    mkdirSync(join(dir, "dir/sub"), { recursive: true });
    writeFileSync(join(dir, "file"), "one\n");
    writeFileSync(join(dir, "dir/sub/deep"), "deep\n");
    writeFileSync(join(dir, "dir/ümlaut"), "u\n");
    git(dir, "add", ".");
    commit("first: start", 1_700_000_000);
    git(dir, "branch", "both");
    commit("second: go on", 1_700_001_000);
    git(dir, "tag", "both");
    git(dir, "tag", "-a", "-m", "annotated", "v1");
    git(dir, "tag", "-a", "-m", "of a tag", "v2", "v1");
    git(dir, "tag", "tree", "HEAD^{tree}");
    git(dir, "tag", "blob", "HEAD:file");
    git(dir, "checkout", "-q", "-b", "side/branch", "HEAD~1");
    commit("third: aside", 1_700_002_000);
    git(dir, "checkout", "-q", "main");
    gitBytes(dir, ["merge", "-q", "--no-ff", "-m", "merge it", "side/branch"], { env: at(1_700_003_000) });
    git(dir, "branch", "deadbeef", "HEAD~1");
    git(dir, "branch", "caf", "HEAD~1");
    git(dir, "update-ref", "refs/remotes/origin/main", "HEAD~1");
    git(dir, "update-ref", "refs/remotes/origin/topic", "HEAD^2");
    git(dir, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
    git(dir, "update-ref", "refs/odd/one", "HEAD~1");
    git(dir, "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*");
    git(dir, "config", "branch.main.remote", "origin");
    git(dir, "config", "branch.main.merge", "refs/heads/topic");
    git(dir, "config", "branch.side/branch.remote", ".");
    git(dir, "config", "branch.side/branch.merge", "refs/heads/main");
    writeFileSync(join(dir, "file"), "staged\n");
    git(dir, "add", "file");
    repo = opened(dir);
  });

  afterAll(() => rm(dir, { recursive: true, force: true }));

  it.each([
    [
      "HEAD",
      "@",
      "main",
      "heads/main",
      "refs/heads/main",
      "both",
      "heads/both",
      "tags/both",
      "v1",
      "v2",
      "v1^{}",
      "v2^{}",
    ],
    [
      "origin",
      "origin/main",
      "remotes/origin/main",
      "odd/one",
      "refs/odd/one",
      "deadbeef",
      "caf",
      "tree",
      "blob",
      "nothing",
    ],
    [
      "HEAD~1",
      "HEAD~",
      "HEAD~0",
      "HEAD~2",
      "HEAD~9",
      "HEAD^",
      "HEAD^0",
      "HEAD^2",
      "HEAD^3",
      "HEAD^^",
      "HEAD^2~1",
      "HEAD~1^{tree}",
    ],
    [
      "v1~1",
      "v2^0",
      "v1^{commit}",
      "v1^{tag}",
      "v1^{tree}",
      "v1^{object}",
      "v1^{blob}",
      "HEAD^{tag}",
      "blob^{}",
      "blob^{blob}",
      "tree^{commit}",
    ],
    [
      "HEAD:",
      "HEAD:file",
      "HEAD:dir",
      "HEAD:dir/",
      "HEAD:file/",
      "HEAD:dir/sub/deep",
      "HEAD:dir/ümlaut",
      "HEAD:none",
      "v2:file",
      "tree:file",
      "tree:dir/sub",
    ],
    [":file", ":0:file", ":1:file", ":dir/sub/deep", ":none", ":dir", "HEAD:./file", ":./file"],
    [
      "@{0}",
      "@{1}",
      "@{2}",
      "@{3}",
      "@{9}",
      "HEAD@{0}",
      "HEAD@{1}",
      "HEAD@{2}",
      "HEAD@{5}",
      "main@{1}",
      "side/branch@{0}",
      "both@{0}",
    ],
    [
      "@{-1}",
      "@{-2}",
      "@{-9}",
      "@{-1}~1",
      "@{-1}@{0}",
      "@{u}",
      "@{upstream}",
      "main@{u}",
      "main@{UPSTREAM}",
      "side/branch@{u}",
      "both@{u}",
      "@{-1}@{u}",
      "@{u}~1",
    ],
    ["HEAD^{/second}", "HEAD^{/nothing}", ":/aside", ":/first", ":/nope", "main^{/first}~0", "HEAD^{/!-merge}"],
    ["HEAD@{2023-11-14 22:20:00 +0000}", "main@{1700002500}", "main@{1700000000}", "main@{2000-01-01 00:00:00 +0000}"],
    ["", "HEAD..main", "HEAD^{", "HEAD^{nope}", "HEAD@{", "a b", "HEAD~x", "..", "HEAD:../file", "main@{1}@{1}"],
  ])("means what git rev-parse says: %s, …", (...texts) => {
    const wrong = texts.filter((text) => ours(text) !== revParse(text));
    expect(wrong.map((text) => [text, ours(text), revParse(text)])).toEqual([]);
  });

  it("takes abbreviated ids and names as git describe gives them", () => {
    for (const line of lines(git(dir, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)"))) {
      for (const length of [3, 4, 5, 7, 39, 40])
        expect(ours(line.slice(0, length))).toBe(revParse(line.slice(0, length)));
      expect(ours(line.slice(0, 8).toUpperCase())).toBe(line);
      expect(abbreviate(repo, line)).toBe(git(dir, "rev-parse", "--short", line));
    }
    const described = git(dir, "describe", "--long");
    expect(ours(described)).toBe(revParse(described));
    expect(ours(`${described}~1`)).toBe(revParse(`${described}~1`));
  });

  it("tells the type, the path and the mode", () => {
    expect(resolveObject(repo, "HEAD:dir/sub/")).toMatchObject({ type: "tree", path: "dir/sub", mode: 0o40000 });
    expect(resolveObject(repo, ":file")).toMatchObject({ type: "blob", path: "file", mode: 0o100644 });
    expect(resolveObject(repo, "v1")).toMatchObject({ type: "tag" });
    expect(resolveRevision(repo, "v2")).toBe(git(dir, "rev-parse", "v2^{commit}"));
  });

  it("says in one line why it cannot", () => {
    expect(codeOf(() => resolveRevision(repo, "--all"))).toBe("INVALID_ARGUMENT");
    expect(codeOf(() => resolveRevision(repo, "-"))).toBe("INVALID_ARGUMENT");
    expect(codeOf(() => resolveRevision(repo, "tree"))).toBe("INVALID_ARGUMENT");
    expect(codeOf(() => resolveRevision(repo, "f".repeat(40)))).toBe("NOT_FOUND");
    expect(codeOf(() => resolveRevision(repo, "@{push}"))).toBe("UNSUPPORTED");
    expect(codeOf(() => resolveRevision(repo, "HEAD@{last tuesday}"))).toBe("UNSUPPORTED");
    expect(() => resolveRevision(repo, "side/brnch")).toThrow(
      expect.objectContaining({ hint: "Did you mean side/branch?" }),
    );
    expect(() => resolveRevision(repo, "../../../etc/passwd")).toThrow(/No branch, tag or object/);
  });

  it("gives the ranges that git rev-list takes", async () => {
    const ranges = [
      "v1..main",
      "main..",
      "..main",
      "main...side/branch",
      "main ^both",
      "main^!",
      "main^@",
      "main^-",
      "main^-2",
    ];
    for (const text of [
      ...ranges,
      "main side/branch ^heads/both",
      "HEAD@{1}..HEAD",
      "@{u}..",
      "main^{/second}..main",
    ]) {
      const expected = lines(git(dir, "rev-list", ...text.split(" ")));
      expect(await idsOf(walk(repo, parseRange(repo, text))), text).toEqual(expected);
    }
    for (const bad of ["", " ", "..", "...", "main..none", "main^-3", "^"]) {
      expect(["INVALID_ARGUMENT", "NOT_FOUND"]).toContain(codeOf(() => parseRange(repo, bad)));
    }
  });

  it("throws nothing but ToolErrors, whatever it is given", () => {
    const piece = fc.constantFrom(
      "HEAD",
      "main",
      "v1",
      "^",
      "~",
      "@",
      "{",
      "}",
      ":",
      "/",
      "-",
      "1",
      "..",
      "u",
      " ",
      "\n",
      "é",
      "abcd",
      "(",
      "0".repeat(30),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join("");
        for (const run of [() => resolveObject(repo, text), () => parseRange(repo, text)]) {
          try {
            run();
          } catch (error) {
            expect(error).toHaveProperty("name", "ToolError");
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("asks which one is meant where ids begin alike, unless only one fits", async () => {
    const other = await tempDir();
    git(other, "init", "-q");
    const numbers = Array.from({ length: 700 }, (_, n) => n);
    const stream = numbers.map((n) => `blob\ndata ${String(n).length}\n${n}\n`).join("");
    const commits = numbers
      .slice(0, 300)
      .map((n) => `commit refs/heads/main\ncommitter C <c@e> ${n} +0000\ndata 1\nx\n`)
      .join("");
    gitBytes(other, ["fast-import", "--quiet"], { input: stream + commits });
    const all = lines(git(other, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"));
    const opened4 = opened(other);
    const starts = new Set(all.map((line) => line.slice(0, 4)));
    expect(starts.size).toBeLessThan(all.length);
    for (const start of starts) {
      const found = all.filter((line) => line.startsWith(start));
      if (found.length < 2) continue;
      const commitsHere = found.filter((line) => line.endsWith("commit"));
      expect(codeOf(() => resolveObject(opened4, start))).toBe("AMBIGUOUS");
      if (commitsHere.length === 1) expect(resolveRevision(opened4, start)).toBe(commitsHere[0]?.slice(0, 40));
      else expect(codeOf(() => resolveRevision(opened4, start))).toBe("AMBIGUOUS");
    }
  });
});

describe("dates", () => {
  it("are ISO 8601 or so and so long ago", () => {
    const now = new Date("2024-05-10T12:00:00Z");
    const on = (date: string) => new Date(parseDate(date, now) * 1000).toISOString().slice(0, 19);
    expect(on("yesterday")).toBe("2024-05-09T12:00:00");
    expect(on("2.days.ago")).toBe("2024-05-08T12:00:00");
    expect(on("3 months ago")).toBe("2024-02-10T12:00:00");
    expect(on("2024-01-02T03:04:05Z")).toBe("2024-01-02T03:04:05");
    expect(on("2024-01-02 03:04 -0130")).toBe("2024-01-02T04:34:00");
  });
});
