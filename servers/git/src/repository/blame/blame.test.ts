import { describeGit, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeHistory, type PlannedCommit } from "../history/generated-history.fixture.js";
import type { ObjectId } from "../object-id.js";
import { openRepository } from "../open-repository.js";
import type { Repository } from "../repository.js";
import { blame } from "./blame.js";
import type { BlameGroup } from "./types.js";

/** Reads what `git blame --line-porcelain` prints: for each line what is known of its commit. */
function gitBlame(dir: string, oid: ObjectId, path: string, ...args: string[]): BlameGroup[] {
  const output = gitBytes(dir, ["blame", "--line-porcelain", ...args, oid, "--", path]).toString("latin1");
  const groups: BlameGroup[] = [];
  for (const text of output.split("\n")) {
    const [, commit, originalLine, line, count] = /^([0-9a-f]{40}) (\d+) (\d+) (\d+)$/.exec(text) ?? [];
    const [word, ...rest] = text.split(" ");
    const learn = (facts: Partial<BlameGroup>) => groups.push({ ...(groups.pop() as BlameGroup), ...facts });
    if (commit) {
      const numbers = { line: Number(line), originalLine: Number(originalLine), count: Number(count) };
      groups.push({ commit, path: "", boundary: false, previous: undefined, ...numbers });
    } else if (word === "boundary") learn({ boundary: true });
    else if (word === "previous") learn({ previous: { commit: rest[0] ?? "", path: rest.slice(1).join(" ") } });
    else if (word === "filename") learn({ path: rest.join(" ") });
  }
  return groups;
}

const letter = fc.constantFrom("a", "b", "c", "d", "e", "", "  }");
const edit = fc.record({
  at: fc.nat(),
  remove: fc.integer({ min: 0, max: 3 }),
  insert: fc.array(letter, { maxLength: 3 }),
});
const step = fc.record({
  kind: fc.constantFrom("edit", "edit", "edit", "edit", "rename", "rename and edit", "merge", "merge", "merge", "add"),
  parents: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 3 }),
  edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
  which: fc.nat(),
  name: fc.constantFrom("x", "y", "dir/x", "z z"),
  later: fc.constantFrom(0, 1, 1, 5, -3),
  lines: fc.array(letter, { minLength: 8, maxLength: 40 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Files = ReadonlyMap<string, readonly string[]>;

function editLines(lines: readonly string[], { edits }: Step): string[] {
  const edited = [...lines];
  for (const { at, remove, insert } of edits) edited.splice(at % (edited.length + 1), remove, ...insert);
  return edited;
}

/** Of a merge, the first half of one side and the second half of the other. */
function nextFiles(files: Files, others: readonly Files[], made: Step): Files {
  const next = new Map(files);
  const name = [...files.keys()][made.which % Math.max(files.size, 1)];
  const lines = (name === undefined ? undefined : files.get(name)) ?? made.lines;
  if (made.kind === "add" || name === undefined) return next.set(made.name, made.lines);
  if (made.kind === "merge") {
    for (const other of others)
      for (const [path, theirs] of other) {
        const ours = next.get(path) ?? theirs;
        next.set(path, [...ours.slice(0, ours.length / 2), ...theirs.slice(theirs.length / 2)]);
      }
    return made.which % 2 ? next : next.set(name, editLines(next.get(name) ?? [], made));
  }
  if (made.kind.startsWith("rename")) next.delete(name);
  return next.set(
    made.kind.startsWith("rename") ? made.name : name,
    made.kind === "rename" ? lines : editLines(lines, made),
  );
}

/** A history of edited, renamed and merged files, and what the last commits contain. */
function planHistory(steps: readonly Step[]): { plan: PlannedCommit[]; trees: Files[] } {
  const trees: Files[] = [];
  const plan = steps.map((made, index): PlannedCommit => {
    const parents = (made.kind === "merge" ? made.parents : [1]).filter((back) => back <= index);
    const [first = new Map<string, string[]>(), ...others] = parents.map((back) => trees[index - back] ?? new Map());
    const files = nextFiles(first, others, made);
    trees.push(files);
    return {
      parents,
      later: made.later,
      files: [...files].map(([path, lines]) => ({
        path: `"${path}"`,
        content: lines.map((line) => `${line}\n`).join(""),
      })),
      deleted: [...first.keys()].filter((path) => !files.has(path)).map((path) => `"${path}"`),
    };
  });
  return { plan, trees };
}

async function withRepository(dir: string, use: (repo: Repository) => Promise<void>): Promise<void> {
  const repo = openRepository(dir, { paths: [dir] });
  try {
    await use(repo);
  } finally {
    repo.close();
  }
}

describeGit("blame agrees with git", () => {
  test("over generated histories with merges, renames and clock skew", async () => {
    for (const steps of fc.sample(fc.array(step, { minLength: 30, maxLength: 60, size: "max" }), 8)) {
      const { plan, trees } = planHistory(steps);
      const dir = await tempDir();
      const ids = makeHistory(dir, plan);
      await withRepository(dir, async (repo) => {
        for (const [index, files] of [...trees.entries()].slice(-3))
          for (const [path, lines] of files) {
            const oid = ids[index] ?? "";
            if (lines.length === 0) continue;
            expect(await blame(repo, oid, path)).toEqual(gitBlame(dir, oid, path));
            const from = Math.ceil(lines.length / 3);
            const range = gitBlame(dir, oid, path, `-L${from},${from + 4}`);
            expect(await blame(repo, oid, path, { from, to: from + 4 })).toEqual(range);
          }
      });
    }
  });
});

describeGit("blame of nothing", () => {
  const plan: PlannedCommit[] = [
    {
      parents: [],
      later: 1,
      deleted: [],
      files: [
        { path: "dir/file", content: "1\n2\n" },
        { path: "empty", content: "" },
      ],
    },
  ];

  test("says which lines and files there are", async () => {
    const dir = await tempDir();
    const [oid = ""] = makeHistory(dir, plan);
    await withRepository(dir, async (repo) => {
      expect(await blame(repo, oid, "empty")).toEqual([]);
      await expect(blame(repo, oid, "nowhere")).rejects.toThrow("There is no nowhere in commit");
      await expect(blame(repo, oid, "dir")).rejects.toThrow("dir is no file");
      await expect(blame(repo, oid, "dir/file", { from: 3 })).rejects.toThrow("has lines 1 to 2");
      await expect(blame(repo, oid, "dir/file", { from: 2, to: 1 })).rejects.toThrow("has lines 1 to 2");
    });
  });

  test("stops when it is told to", async () => {
    const dir = await tempDir();
    const [oid = ""] = makeHistory(dir, plan);
    await withRepository(dir, async (repo) => {
      await expect(blame(repo, oid, "dir/file", { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
        "enough",
      );
    });
  });
});
