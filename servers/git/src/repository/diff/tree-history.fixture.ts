import { gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";

/** A file of a generated tree; bytes as a latin1 string, of a submodule its commit. */
export interface TreeFile {
  readonly mode: "100644" | "100755" | "120000" | "160000";
  readonly content: string;
}

export type Tree = ReadonlyMap<string, TreeFile>;

const directory = fc.constantFrom("", "src/", "src/deep/er/", "lib/", "lib.d/", 'odd "dir"/', "caf\xc3\xa9/");
const fileName = fc.constantFrom(
  "a.ts",
  "b.ts",
  "index.ts",
  "with space",
  "tab\there",
  "README",
  "lib",
  "\xff\xfe",
  "back\\slash",
);
const path = fc.tuple(directory, fileName).map((parts) => parts.join(""));

const line = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 400 }).map((number) => `line number ${number}\n`) },
  fc.constantFrom("\n", "{\n", "x\r\n", "y".repeat(200)),
);
const text = fc.array(line, { maxLength: 40 }).map((lines) => lines.join(""));
const binary = fc.tuple(text, text).map((parts) => `${parts.join("\0")}\n`);
const file: fc.Arbitrary<TreeFile> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ mode: fc.constantFrom("100644", "100755"), content: text }) },
  fc.record({ mode: fc.constant("100644"), content: binary }),
  fc.record({ mode: fc.constant("120000"), content: fc.constantFrom("target", "../else/where") }),
  fc.record({ mode: fc.constant("160000"), content: fc.constantFrom("1".repeat(40), "2".repeat(40)) }),
);

const operation = fc.record({
  kind: fc.constantFrom(
    "add",
    "move",
    "move and edit",
    "move and edit",
    "move and edit",
    "copy",
    "edit",
    "delete",
    "chmod",
    "retype",
  ),
  from: fc.nat(),
  path,
  file,
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.integer({ min: 0, max: 150 }),
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** A file replaces a directory of its name and the other way round. */
function put(tree: Map<string, TreeFile>, at: string, added: TreeFile): void {
  for (const other of tree.keys()) if (other.startsWith(`${at}/`) || at.startsWith(`${other}/`)) tree.delete(other);
  tree.set(at, added);
}

/** Text stays whole lines: git 2.44 began to count a line without an end when it looks for renames. */
function edited({ mode, content }: TreeFile, { at, removed, file: other }: Operation): TreeFile {
  if (mode !== "100644" && mode !== "100755") return { mode, content };
  const start = Math.floor(at * content.length);
  const inserted = other.mode === "100644" ? other.content.slice(0, removed) : "";
  const changed = content.slice(0, start) + inserted + content.slice(start + removed);
  return { mode, content: changed.replace(/([^\n])$/, "$1\n") };
}

function apply(tree: Map<string, TreeFile>, step: Operation): void {
  const source = [...tree.keys()][step.from % Math.max(tree.size, 1)];
  const old = source === undefined ? undefined : tree.get(source);
  if (step.kind === "add" || source === undefined || !old) {
    put(tree, step.path, step.file);
    return;
  }
  if (step.kind.startsWith("move") || step.kind === "delete") tree.delete(source);
  if (step.kind === "move" || step.kind === "copy") put(tree, step.path, old);
  if (step.kind === "move and edit") put(tree, step.path, edited(old, step));
  if (step.kind === "edit") tree.set(source, edited(old, step));
  if (step.kind === "retype") tree.set(source, step.file);
  if (step.kind === "chmod" && old.mode.startsWith("100"))
    tree.set(source, { ...old, mode: old.mode === "100644" ? "100755" : "100644" });
}

/** Trees that each come from the one before by some operations. */
export function sampleTrees(count: number): Tree[] {
  const tree = new Map<string, TreeFile>();
  const firstFiles = fc.sample(fc.tuple(path, file), 25);
  for (const [at, added] of firstFiles) put(tree, at, added);
  return fc.sample(fc.array(operation, { minLength: 1, maxLength: 12 }), count).map((steps) => {
    for (const step of steps) apply(tree, step);
    return new Map(tree);
  });
}

const quoted = (name: string) => `"${name.replace(/["\\]/g, "\\$&").replace(/\t/g, "\\t")}"`;

/** Commits trees one after the other to `refs/heads/main` of a new bare repository. */
export async function commitTrees(trees: readonly Tree[]): Promise<string> {
  const dir = await tempDir();
  gitBytes(dir, ["init", "-q", "--bare"]);
  const input = trees.flatMap((tree, index) => [
    `commit refs/heads/main\ncommitter A <a@example.com> ${1_700_000_000 + index} +0000\ndata 0\n`,
    "deleteall\n",
    ...[...tree].map(([name, { mode, content }]) =>
      mode === "160000"
        ? `M 160000 ${content} ${quoted(name)}\n`
        : `M ${mode} inline ${quoted(name)}\ndata ${content.length}\n${content}\n`,
    ),
  ]);
  gitBytes(dir, ["fast-import", "--quiet", "--force"], { input: Buffer.from(input.join(""), "latin1") });
  return dir;
}
