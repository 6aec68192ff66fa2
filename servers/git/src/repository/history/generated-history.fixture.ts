import { readFileSync } from "node:fs";
import { join } from "node:path";
import { git, gitBytes } from "@mcp-reference/testing";
import fc from "fast-check";
import { openRepository } from "../open-repository.js";
import type { Repository } from "../repository.js";

/** A commit of a generated history. */
export interface PlannedCommit {
  /** How many commits back each parent is; those from before the first one are left out. */
  readonly parents: readonly number[];
  /** Seconds after the commit before it; negative ones make clock skew. */
  readonly later: number;
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly deleted: readonly string[];
}

export const PATHS = ["a", "b", "dir/a", "dir/b", "dir/sub/c", "dir2/a"] as const;

const file = fc.record({ path: fc.constantFrom(...PATHS), content: fc.constantFrom("1\n", "2\n", "3\n") });

/** @param steps what `later` may be */
const historyOf = (steps: readonly number[], { min = 1, max = 25 } = {}): fc.Arbitrary<PlannedCommit[]> =>
  fc.array(
    fc.record({
      parents: fc.oneof(
        { weight: 6, arbitrary: fc.constant([1]) },
        { weight: 2, arbitrary: fc.tuple(fc.integer({ min: 2, max: 6 })) },
        { weight: 4, arbitrary: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 2, maxLength: 4 }) },
        { weight: 1, arbitrary: fc.constant([]) },
      ),
      later: fc.constantFrom(...steps),
      files: fc.array(file, { maxLength: 2 }),
      deleted: fc.array(fc.constantFrom(...PATHS), { maxLength: 1 }),
    }),
    { minLength: min, maxLength: max },
  );

/** Even time, many commits of the same second, and clocks that run backwards. */
export const anyClock = fc.oneof(
  historyOf([1, 10]),
  historyOf([0]),
  historyOf([0, 1, 5, -3]),
  historyOf([100, -1000, 10, 1000]),
);

/** The plan in a bare repository, each commit at `refs/gen/<n>`. @returns their ids, in the order of the plan */
export function makeHistory(dir: string, plan: readonly PlannedCommit[]): string[] {
  git(dir, "init", "-q", "--bare");
  const marks = join(dir, "marks");
  gitBytes(dir, ["fast-import", "--quiet", "--force", `--export-marks=${marks}`], { input: importStream(plan) });
  const ids = readFileSync(marks, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.slice(1).split(" "));
  const byMark = new Map(ids.map(([mark = "", oid = ""]) => [Number(mark), oid]));
  return plan.map((_, index) => byMark.get(index + 1) ?? "");
}

function importStream(plan: readonly PlannedCommit[]): string {
  let time = 1_600_000_000;
  const commits = plan.map(({ parents, later, files, deleted }, index) => {
    time += later;
    const [first, ...others] = parents.map((back) => index + 1 - back).filter((mark) => mark > 0);
    return [
      `commit refs/gen/${index}`,
      `mark :${index + 1}`,
      `author A U Thor <author@example.com> ${time + 7} +0100`,
      `committer C O Mitter <committer@example.com> ${time} +0000`,
      data(`commit ${index}\n`),
      ...(first === undefined ? [] : [`from :${first}`]),
      ...others.map((mark) => `merge :${mark}`),
      ...deleted.map((path) => `D ${path}`),
      ...files.map(({ path, content }) => `M 100644 inline ${path}\n${data(content)}`),
      "",
    ].join("\n");
  });
  return `${commits.join("\n")}\n`;
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}`;

/** Opened with memory of its own. @param root the only directory allowed */
export const opened = (dir: string, root = dir): Repository => openRepository(dir, { paths: [root] });

export const lines = (output: string): string[] => output.split("\n").filter(Boolean);

export async function idsOf(commits: AsyncIterable<{ readonly oid: string }>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { oid } of commits) ids.push(oid);
  return ids;
}
