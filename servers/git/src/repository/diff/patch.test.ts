import { describeGit, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { renderPatch } from "./patch.js";

interface Pair {
  before: string;
  after: string;
}

/** Writes all pairs as two commits of one repository: git is asked once about hundreds of files. */
async function commitPairs(pairs: readonly Pair[]): Promise<string> {
  const dir = await tempDir();
  const commit = (branch: string, side: "before" | "after") => [
    Buffer.from(`commit refs/heads/${branch}\ncommitter A <a@example.com> 1700000000 +0000\ndata 0\n`),
    ...pairs.flatMap((pair, index) => {
      const content = Buffer.from(pair[side], "latin1");
      return [Buffer.from(`M 100644 inline ${name(index)}\ndata ${content.length}\n`), content, Buffer.from("\n")];
    }),
  ];
  gitBytes(dir, ["init", "-q", "--bare"]);
  gitBytes(dir, ["fast-import", "--quiet"], {
    input: Buffer.concat([...commit("a", "before"), ...commit("b", "after")]),
  });
  return dir;
}

const name = (index: number) => `${String(index).padStart(5, "0")}.txt`;

/** Git's patch of each file by its path. */
function gitPatches(dir: string, ...args: string[]): Map<string, string> {
  const all = gitBytes(dir, ["diff-tree", "-r", "-p", "--full-index", ...args, "a", "b"]).toString("latin1");
  const patches = all.split(/^(?=diff --git )/m).filter(Boolean);
  return new Map(patches.map((patch) => [/^diff --git a\/(\S+)/.exec(patch)?.[1] ?? "", patch]));
}

function ourPatch(
  { before, after }: Pair,
  index: number,
  options: { context?: number; ignoreWhitespace?: "amount" | "all" },
) {
  const version = { path: name(index), mode: 0o100644, oid: undefined };
  const contents = [Buffer.from(before, "latin1"), Buffer.from(after, "latin1")] as const;
  return renderPatch({ status: "M", before: version, after: version }, ...contents, {
    abbreviate: (oid) => oid,
    ...options,
  }).toString("latin1");
}

async function expectSamePatches(pairs: readonly Pair[]) {
  const dir = await commitPairs(pairs);
  const variants = [
    { args: [], options: {} },
    { args: ["-U0"], options: { context: 0 } },
    { args: ["-U1"], options: { context: 1 } },
    { args: ["-w"], options: { ignoreWhitespace: "all" } },
    { args: ["-b", "-U5"], options: { ignoreWhitespace: "amount", context: 5 } },
  ] as const;
  for (const { args, options } of variants) {
    const expected = gitPatches(dir, ...args);
    const wrong = pairs.flatMap((pair, index) => {
      const ours = ourPatch(pair, index, options);
      const theirs = expected.get(name(index)) ?? "";
      return ours === theirs ? [] : [{ ...pair, ours, theirs }];
    });
    expect(wrong.length === 0 || { args, count: wrong.length, first: wrong[0] }).toBe(true);
  }
}

const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number) => fc.sample(arbitrary, { numRuns: count });

const fewLines = fc.constantFrom("a\n", "b\n", "c\n", "\n", "  a\n", "\tb\n", "}\n", "d");
const shortText = fc.array(fewLines, { maxLength: 30 }).map((lines) => lines.join(""));

const codeLine = fc
  .tuple(
    fc.integer({ min: 0, max: 4 }),
    fc.constantFrom("", "}", "{", "if (x) {", "return;", "call();", "function f() {", "x = 1", "\r"),
  )
  .map(([depth, text]) => (text ? `${"  ".repeat(depth)}${text}\n` : "\n"));
const edit = fc.record({
  at: fc.nat(),
  remove: fc.integer({ min: 0, max: 6 }),
  insert: fc.array(codeLine, { maxLength: 8 }),
});
/** A file, and the same with some edits. */
const editedCode = (size: number) =>
  fc
    .tuple(fc.array(codeLine, { minLength: size / 2, maxLength: size }), fc.array(edit, { minLength: 1, maxLength: 8 }))
    .map(([lines, edits]) => {
      const after = [...lines];
      for (const { at, remove, insert } of edits) after.splice(at % (after.length + 1), remove, ...insert);
      return { before: lines.join(""), after: after.join("") };
    });

describeGit("patches equal git's", () => {
  test("of short files of few different lines", async () => {
    await expectSamePatches(sample(fc.record({ before: shortText, after: shortText }), 1500));
  });

  test("of edited code", async () => {
    await expectSamePatches(sample(editedCode(60), 700));
    await expectSamePatches(sample(editedCode(600), 60));
  });

  test("of long files that share lines in another order", async () => {
    const line = fc.integer({ min: 0, max: 3000 }).map((number) => `${number}\n`);
    const text = fc.array(line, { minLength: 2000, maxLength: 6000, size: "max" }).map((lines) => lines.join(""));
    await expectSamePatches(sample(fc.record({ before: text, after: text }), 6));
  });
});
