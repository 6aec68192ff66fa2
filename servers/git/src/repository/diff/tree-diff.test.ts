import { join } from "node:path";
import { describeGit, gitBytes } from "@mcp-reference/testing";
import { describe, expect, test } from "vitest";
import type { TreeEntry } from "../objects/types.js";
import { openRepository } from "../open-repository.js";
import type { Repository } from "../repository.js";
import { contentForDiff, renderPatch } from "./patch.js";
import { quotePath } from "./quote-path.js";
import { detectRenames, type RenameOptions } from "./renames.js";
import { diffStat } from "./stat.js";
import { diffTrees, type TreeDiffOptions } from "./tree-diff.js";
import { commitTrees, sampleTrees } from "./tree-history.fixture.js";
import type { FileChange, FileVersion } from "./types.js";

const MARK = "=== ";

/** What `git log` with the given options prints for each commit of the branch, newest first. */
function gitLog(dir: string, ...args: string[]): { oid: string; shown: string }[] {
  const log = gitBytes(dir, ["log", `--format=${MARK}%H`, "-r", "--root", "--full-index", ...args]);
  return log
    .toString("latin1")
    .split(new RegExp(`^${MARK}`, "m"))
    .slice(1)
    .map((part) => ({ oid: part.slice(0, 40), shown: part.slice(41).replace(/^\n/, "").replace(/\n$/, "") }));
}

function changesOf(
  repo: Repository,
  oid: string,
  options: TreeDiffOptions = {},
  renames?: RenameOptions,
): FileChange[] {
  const { tree, parents } = repo.objects.commit(oid);
  const [parent] = parents;
  const changes = diffTrees(repo, parent && repo.objects.commit(parent).tree, tree, options);
  return renames ? detectRenames(changes, (version) => repo.objects.blob(version.oid ?? ""), renames) : changes;
}

const rawLine = ({ status, similarity, before, after }: FileChange) => {
  const side = (get: (version: FileVersion) => string, none: string) =>
    [before, after].map((version) => (version ? get(version) : none)).join(" ");
  const modes = side(({ mode }) => mode.toString(8).padStart(6, "0"), "000000");
  const ids = side(({ oid }) => oid ?? "", "0".repeat(40));
  const paths = status === "R" || status === "C" ? [before, after] : [after ?? before];
  const score = similarity === undefined ? "" : String(similarity).padStart(3, "0");
  return `:${modes} ${ids} ${status}${score}\t${paths.map((version) => quotePath(version?.path ?? "")).join("\t")}`;
};

/** Compares what we say of each commit with what git says. */
function expectSameLog(dir: string, args: string[], ours: (repo: Repository, oid: string) => string) {
  const repo = openRepository(dir, { paths: [dir] });
  try {
    const wrong = gitLog(dir, ...args)
      .map(({ oid, shown }) => ({ oid, git: shown, ours: ours(repo, oid) }))
      .filter((commit) => commit.git !== commit.ours);
    expect(wrong.length === 0 || { args, count: wrong.length, first: wrong[0] }).toBe(true);
  } finally {
    repo.close();
  }
}

const contentsOf = (repo: Repository, { before, after }: FileChange) =>
  [before, after].map((version) => contentForDiff(version, ({ oid }) => repo.objects.blob(oid ?? ""))) as [
    Buffer,
    Buffer,
  ];

/** Git cannot apply "Binary files differ". */
const isPlain = (content: string, mode: string) => !content.includes("\0") && mode !== "160000";

const abbreviate = (oid: string) => oid;

describeGit("trees compare as git compares them", () => {
  test("in every commit of generated histories", async () => {
    const dir = await commitTrees(sampleTrees(300));
    const raw = (options: TreeDiffOptions, renames?: RenameOptions) => (repo: Repository, oid: string) =>
      changesOf(repo, oid, options, renames).map(rawLine).join("\n");
    expectSameLog(dir, ["--raw", "--no-renames", "--no-abbrev"], raw({}));
    expectSameLog(dir, ["--raw", "-M", "--no-abbrev"], raw({}, {}));
    expectSameLog(dir, ["--raw", "-M80%", "--no-abbrev"], raw({}, { threshold: 80 }));
    expectSameLog(dir, ["--raw", "-M100%", "--no-abbrev"], raw({}, { threshold: 100 }));
    expectSameLog(dir, ["--raw", "-M20%", "-l2", "--no-abbrev"], raw({}, { threshold: 20, limit: 2 }));
    expectSameLog(dir, ["--raw", "-C", "--no-abbrev"], raw({}, { copies: true }));
    expectSameLog(dir, ["-p", "-M"], (repo, oid) =>
      changesOf(repo, oid, {}, {})
        .map((change) => renderPatch(change, ...contentsOf(repo, change), { abbreviate }).toString("latin1"))
        .join("")
        .replace(/\n$/, ""),
    );
    expectSameLog(dir, ["--numstat", "--no-renames"], (repo, oid) =>
      changesOf(repo, oid)
        .map((change) => {
          const { added, deleted, binary } = diffStat(change, ...contentsOf(repo, change));
          return `${binary ? "-\t-" : `${added}\t${deleted}`}\t${quotePath((change.after ?? change.before)?.path ?? "")}`;
        })
        .join("\n"),
    );
  });

  test("in patches that git applies to get the same tree", async () => {
    const trees = sampleTrees(25).map(
      (tree) => new Map([...tree].filter(([, { content, mode }]) => isPlain(content, mode))),
    );
    const dir = await commitTrees(trees);
    const repo = openRepository(dir, { paths: [dir] });
    for (const { oid } of gitLog(dir, "--no-patch")) {
      const { tree, parents } = repo.objects.commit(oid);
      const env = { GIT_INDEX_FILE: join(dir, "scratch-index") };
      gitBytes(dir, ["read-tree", ...(parents[0] ? [parents[0]] : ["--empty"])], { env });
      const patches = changesOf(repo, oid, {}, {}).map((change) =>
        renderPatch(change, ...contentsOf(repo, change), { abbreviate }),
      );
      if (patches.length > 0) gitBytes(dir, ["apply", "--cached", "-"], { env, input: Buffer.concat(patches) });
      expect(gitBytes(dir, ["write-tree"], { env }).toString().trim()).toBe(tree);
    }
    repo.close();
  });

  test("for parts of the tree", async () => {
    const dir = await commitTrees(sampleTrees(60));
    for (const paths of [
      ["src"],
      ["src/deep/", "README"],
      ["lib"],
      ["*.ts"],
      ["src/*/index.ts", "[a-m]*.t?"],
      ['odd "dir"'],
    ]) {
      const expected = new Map(
        gitLog(dir, "--raw", "--no-renames", "--no-abbrev", "--", ...paths).map((commit) => [commit.oid, commit.shown]),
      );
      const repo = openRepository(dir, { paths: [dir] });
      for (const { oid } of gitLog(dir, "--no-patch")) {
        const ours = changesOf(repo, oid, { paths }).map(rawLine).join("\n");
        expect({ paths, oid, ours }).toEqual({ paths, oid, ours: expected.get(oid) ?? "" });
      }
      repo.close();
    }
  });
});

describe("hostile trees", () => {
  const treeOf = (entries: readonly TreeEntry[]) => ({
    objects: { tree: () => entries } as unknown as Repository["objects"],
  });

  test("that contain themselves for ever are refused", () => {
    const endless = treeOf([{ mode: 0o040000, name: "a", oid: "1".repeat(40) }]);
    expect(() => diffTrees(endless, undefined, "1".repeat(40))).toThrow("too deeply nested");
  });

  test("may have entries in any order, and twice", () => {
    const file = (name: string) => ({ mode: 0o100644, name, oid: "2".repeat(40) });
    const odd = treeOf([file("b"), file("a"), file("a"), file("c")]);
    expect(diffTrees(odd, undefined, "1".repeat(40)).map(({ after }) => after?.path)).toEqual(["b", "a", "a", "c"]);
  });
});
