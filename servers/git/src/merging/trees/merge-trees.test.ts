import { describeGit, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openRepository } from "../../repository/open-repository.js";
import type { Repository } from "../../repository/repository.js";
import { mergeCommits } from "./merge-commits.js";
import type { Version } from "./types.js";

type Files = ReadonlyMap<string, { readonly mode: string; readonly content: string }>;

const SUBMODULE = "160000";

/** A fast-import stream of commits, each given by all its files. */
const commit = (mark: number, parents: readonly number[], files: Files): string =>
  `commit refs/heads/b${mark}\nmark :${mark}\ncommitter A <a@b> ${1_700_000_000 + mark} +0000\ndata 0\n` +
  parents.map((parent, n) => `${n === 0 ? "from" : "merge"} :${parent}\n`).join("") +
  "deleteall\n" +
  [...files]
    .map(([path, { mode, content }]) =>
      mode === SUBMODULE
        ? `M ${mode} ${content} "${path}"\n`
        : `M ${mode} inline "${path}"\ndata ${Buffer.byteLength(content)}\n${content}\n`,
    )
    .join("");

interface Twin {
  readonly dir: string;
  readonly repo: Repository;
}

async function twin(): Promise<Twin> {
  const dir = await tempDir();
  gitBytes(dir, ["init", "-q"]);
  return { dir, repo: openRepository(dir, { paths: [dir] }) };
}

/** What `git merge-tree` answers: the tree, then the stages. */
function byGit(dir: string, ours: string, theirs: string): string {
  const args = ["-c", "merge.directoryRenames=false", "merge-tree", "--write-tree", "--no-messages", ours, theirs];
  try {
    return gitBytes(dir, args).toString().trimEnd();
  } catch (error) {
    return (error as { stdout: Buffer }).stdout.toString().trimEnd();
  }
}

async function byUs(repo: Repository, ours: string, theirs: string): Promise<string> {
  const ids = [ours, theirs].map((name) => repo.refs.resolve(`refs/heads/${name}`) ?? "");
  const merged = await mergeCommits(repo, ids[0] ?? "", ids[1] ?? "", { labels: { ours, theirs } });
  const line = (stage: number, path: string, version: Version | undefined): string[] =>
    version ? [`${version.mode.toString(8)} ${version.oid} ${stage}\t${path}`] : [];
  const stages = merged.conflicts.flatMap(({ path, base, ours, theirs }) => [
    ...line(1, path, base),
    ...line(2, path, ours),
    ...line(3, path, theirs),
  ]);
  return [merged.tree, ...stages].join("\n");
}

const bodies = [
  "one\ntwo\nthree\nfour\nfive\n",
  "a\nb\nc\nd\ne\nf\ng\nh\n",
  "x\ny\n",
  "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
  "",
];

const body = fc.oneof(
  fc.constantFrom(...bodies),
  fc.tuple(fc.constantFrom(...bodies), fc.nat(9), fc.constantFrom("Z", "Y", "W")).map(([text, at, put]) => {
    const lines = text.split("\n");
    lines[Math.min(at, Math.max(lines.length - 2, 0))] = put;
    return lines.join("\n");
  }),
  fc.constant("bin\0ary"),
);

const file = fc.oneof(
  { weight: 12, arbitrary: fc.record({ mode: fc.constantFrom("100644", "100644", "100755"), content: body }) },
  { weight: 1, arbitrary: fc.record({ mode: fc.constant("120000"), content: fc.constantFrom("a", "b", "d/e") }) },
  { weight: 1, arbitrary: fc.constantFrom("1", "2").map((c) => ({ mode: SUBMODULE, content: c.repeat(40) })) },
);

const path = fc.constantFrom("a", "b", "c", "d/e", "d/f", "d/g/h", "q", "a/b");

/** Drops files in whose place a folder is. */
const consistent = (files: Iterable<readonly [string, { mode: string; content: string }]>): Files => {
  const kept = new Map(files);
  for (const name of [...kept.keys()])
    if ([...kept.keys()].some((other) => other.startsWith(`${name}/`))) kept.delete(name);
  return kept;
};

type Step = {
  kind: "put" | "drop" | "move" | "edit";
  from: number;
  to: string;
  file: { mode: string; content: string };
};

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("put", "drop", "move", "move", "edit", "edit"),
  from: fc.nat(10),
  to: path,
  file,
});

const changed = (files: Files, steps: readonly Step[]): Files => {
  const now = new Map(files);
  for (const { kind, from, to, file } of steps) {
    const name = [...now.keys()][from % Math.max(now.size, 1)];
    const old = name === undefined ? undefined : now.get(name);
    if (kind === "put" || name === undefined || old === undefined) now.set(to, file);
    else if (kind === "drop") now.delete(name);
    else if (kind === "edit" && old.mode.startsWith("100") && !old.content.includes("\0")) {
      const lines = old.content.split("\n");
      lines.splice(from % lines.length, from % 2, `edit ${to}`);
      now.set(name, { ...old, content: lines.join("\n") });
    } else if (kind === "move") {
      now.delete(name);
      now.set(to, old);
    }
  }
  return consistent(now);
};

/** Of several equal files git takes for renamed what its hash table yields first. */
function isAmbiguous(before: Files, after: Files): boolean {
  const repeated = (one: Files, other: Files): Set<string> => {
    const contents = [...one].filter(([name]) => !other.has(name)).map(([, { content }]) => content);
    return new Set(contents.filter((content, n) => contents.indexOf(content) !== n));
  };
  const has = (one: Files, other: Files, content: string): boolean =>
    [...one].some(([name, file]) => !other.has(name) && file.content === content);
  return (
    [...repeated(before, after)].some((content) => has(after, before, content)) ||
    [...repeated(after, before)].some((content) => has(before, after, content))
  );
}

const base = fc.array(fc.tuple(path, file), { minLength: 1, maxLength: 6 }).map(consistent);
const steps = fc.array(step, { maxLength: 4 });
const runs = Number(process.env["MERGE_RUNS"] ?? 80);

describeGit("mergeCommits beside git merge-tree", () => {
  it("gives the tree and the stages of any three-way merge", async () => {
    const { dir, repo } = await twin();
    await fc.assert(
      fc.asyncProperty(base, steps, steps, async (files, mine, other) => {
        const [ours, theirs] = [changed(files, mine), changed(files, other)];
        fc.pre(!isAmbiguous(files, ours) && !isAmbiguous(files, theirs));
        const stream = commit(1, [], files) + commit(2, [1], ours) + commit(3, [1], theirs);
        gitBytes(dir, ["fast-import", "--quiet", "--force"], { input: stream });
        repo.refresh();
        expect(await byUs(repo, "b2", "b3")).toBe(byGit(dir, "b2", "b3"));
      }),
      { numRuns: runs },
    );
  });

  it("merges histories that crossed, and ones that have nothing in common", async () => {
    const { dir, repo } = await twin();
    await fc.assert(
      fc.asyncProperty(base, fc.tuple(steps, steps, steps, steps), async (files, [s2, s3, s4, s5]) => {
        const [f2, f3] = [changed(files, s2), changed(files, s3)];
        const both = consistent([...f3, ...f2]);
        const [f4, f5] = [changed(both, s4), changed(both, s5)];
        const pairs = [files, f2, f3].flatMap((from) => [f2, f3, f4, f5].map((to) => [from, to] as const));
        fc.pre(!pairs.some(([from, to]) => isAmbiguous(from, to)));
        const stream =
          commit(1, [], files) +
          commit(2, [1], f2) +
          commit(3, [1], f3) +
          commit(4, [2, 3], f4) +
          commit(5, [3, 2], f5);
        gitBytes(dir, ["fast-import", "--quiet", "--force"], { input: stream });
        repo.refresh();
        expect(await byUs(repo, "b4", "b5")).toBe(byGit(dir, "b4", "b5"));
      }),
      { numRuns: Math.ceil(runs / 3) },
    );
  });
});
