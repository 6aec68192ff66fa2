import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { git, gitBytes } from "@mcp-reference/testing";
import fc from "fast-check";

/** What a path holds. */
export type PlannedFile =
  | { readonly kind: "file" | "program" | "link"; readonly content: string }
  /** A commit of another repository. */
  | { readonly kind: "submodule"; readonly commit: "first" | "second" };

/** A change of one path of the index. */
export type IndexEdit =
  | { readonly edit: "set"; readonly path: string; readonly file: PlannedFile }
  | { readonly edit: "remove" | "intend" | "assume" | "skip"; readonly path: string }
  | { readonly edit: "move"; readonly path: string; readonly to: string }
  /** Bits: 1 base, 2 ours, 4 theirs. */
  | { readonly edit: "conflict"; readonly path: string; readonly stages: number };

/** A change of one path of the worktree. */
export type WorktreeEdit =
  | { readonly edit: "write"; readonly path: string; readonly file: PlannedFile }
  | { readonly edit: "remove" | "touch" | "directory"; readonly path: string };

/** All that makes up a repository; plain data, so that a failure can be read and repeated. */
export interface RepositoryPlan {
  readonly head: readonly { readonly path: string; readonly file: PlannedFile }[] | undefined;
  readonly index: readonly IndexEdit[];
  readonly worktree: readonly WorktreeEdit[];
  /** Directory → lines. */
  readonly ignore: readonly { readonly directory: string; readonly lines: readonly string[] }[];
  readonly attributes: readonly string[];
  readonly config: readonly (readonly [string, string])[];
  readonly indexVersion: 2 | 3 | 4;
}

const NAMES = ["a", "b", "c.txt", "d.o", "a.b", "a-b", "é", "s p", 'q"t', "n\nl", "tab\t", "B"];

const name = fc.constantFrom(...NAMES);
/** A path of one to three names out of a few, so that plans meet at the same paths. */
const plannedPath = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));

const LINES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** Text of several kinds of line ends, long enough to be recognized when it was moved and changed; binary; empty. */
export const plannedContent = fc.oneof(
  fc.constantFrom("", "x", "one\n", "one\r\n", "one\r\ntwo\n", "a\0b\r\n", "$Id$\n", "$Id: old $\r\n", "lone\rcr\n"),
  fc
    .tuple(fc.subarray(LINES, { minLength: 7 }), fc.constantFrom("\n", "\r\n"))
    .map(([lines, end]) => lines.map((line) => `${line.repeat(4)}${end}`).join("")),
);

const plannedFile: fc.Arbitrary<PlannedFile> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom("file", "program"), content: plannedContent }) },
  {
    weight: 1,
    // None leads to itself: git lists nothing of what is tracked below such a link, for it fails to look at it.
    arbitrary: fc.record({ kind: fc.constant("link"), content: fc.constantFrom(".", "../b", "nowhere", "/") }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("submodule"), commit: fc.constantFrom("first", "second") }) },
);

const indexEdit: fc.Arbitrary<IndexEdit> = fc.oneof(
  fc.record({ edit: fc.constant("set"), path: plannedPath, file: plannedFile }),
  fc.record({ edit: fc.constantFrom("remove", "intend", "assume", "skip"), path: plannedPath }),
  fc.record({ edit: fc.constant("move"), path: plannedPath, to: plannedPath }),
  fc.record({ edit: fc.constant("conflict"), path: plannedPath, stages: fc.integer({ min: 1, max: 7 }) }),
);

const worktreeEdit: fc.Arbitrary<WorktreeEdit> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ edit: fc.constant("write"), path: plannedPath, file: plannedFile }) },
  { weight: 2, arbitrary: fc.record({ edit: fc.constantFrom("remove", "touch", "directory"), path: plannedPath }) },
);

const IGNORE_LINES = [
  "*.o",
  "a",
  "/a",
  "a/",
  "!a",
  "b/*",
  "!b/c.txt",
  "**/b",
  "a/**",
  "*",
  "!*/",
  "[ab]",
  "é",
  "s p",
  "B",
];
export const ATTRIBUTE_LINES = [
  "* text=auto",
  "*.txt text",
  "a -text",
  "b text eol=crlf",
  "* text eol=lf",
  "*.o binary",
  "* ident",
  "c.txt crlf=input",
  "a/** eol=crlf",
];

export const repositoryPlan: fc.Arbitrary<RepositoryPlan> = fc.record({
  head: fc.option(fc.array(fc.record({ path: plannedPath, file: plannedFile }), { maxLength: 12 }), {
    nil: undefined,
    freq: 12,
  }),
  index: fc.array(indexEdit, { maxLength: 5 }),
  worktree: fc.array(worktreeEdit, { maxLength: 7 }),
  ignore: fc.array(
    fc.record({
      directory: fc.oneof(fc.constant(""), plannedPath),
      lines: fc.array(fc.constantFrom(...IGNORE_LINES), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 2 },
  ),
  attributes: fc.array(fc.constantFrom(...ATTRIBUTE_LINES), { maxLength: 2 }),
  config: fc.subarray(
    [
      ["core.autocrlf", "true"],
      ["core.autocrlf", "input"],
      ["core.fileMode", "false"],
      ["core.symlinks", "false"],
      ["core.sparseCheckout", "true"],
    ] as const,
    { maxLength: 1 },
  ),
  indexVersion: fc.constantFrom(2, 3, 4),
});

/** The repository that stands for each submodule: two commits, the second checked out. */
export interface SubmoduleTemplate {
  readonly path: string;
  readonly first: string;
  readonly second: string;
}

/** Makes the template once, for all repositories of a suite. */
export function submoduleTemplate(parent: string): SubmoduleTemplate {
  const path = join(parent, "submodule");
  mkdirSync(path);
  git(path, "init", "-q");
  writeFileSync(join(path, "inside"), "inside\n");
  git(path, "add", ".");
  git(path, "commit", "-qm", "first");
  const first = git(path, "rev-parse", "HEAD");
  git(path, "commit", "-q", "--allow-empty", "-m", "second");
  return { path, first, second: git(path, "rev-parse", "HEAD") };
}

/** Builds a planned repository in an empty directory, in about ten runs of git at most. */
export function buildRepository(dir: string, plan: RepositoryPlan, template: SubmoduleTemplate): void {
  git(dir, "init", "-q");
  if (plan.head) {
    gitBytes(dir, ["fast-import", "--quiet"], { input: commitOf(plan.head, template) });
    git(dir, "read-tree", "HEAD");
    git(dir, "checkout-index", "-qaf");
    for (const { path, file } of plan.head) {
      if (file.kind === "submodule") tolerate(() => checkOutSubmodule(dir, path, template));
    }
  }
  for (const [key, value] of plan.config) git(dir, "config", key, value);
  if (plan.attributes.length > 0) writeFileSync(join(dir, ".gitattributes"), `${plan.attributes.join("\n")}\n`);
  editIndex(dir, plan, template);
  for (const edit of plan.worktree) editWorktree(dir, edit, template);
  for (const { directory, lines } of plan.ignore) {
    tolerate(() => writeFileSync(join(dir, directory, ".gitignore"), `${lines.join("\n")}\n`));
  }
}

const MODES = { file: "100644", program: "100755", link: "120000", submodule: "160000" } as const;

function commitOf(head: NonNullable<RepositoryPlan["head"]>, template: SubmoduleTemplate): string {
  const changes = head.map(({ path, file }) => {
    const mode = MODES[file.kind];
    if (file.kind === "submodule") return `M ${mode} ${template[file.commit]} ${quoted(path)}\n`;
    return `M ${mode} inline ${quoted(path)}\ndata ${Buffer.byteLength(file.content)}\n${file.content}\n`;
  });
  return `commit refs/heads/main\ncommitter C <c@example.com> 1700000000 +0000\ndata 4\nhead\n${changes.join("")}\n`;
}

const quoted = (path: string): string =>
  `"${path.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n").replace(/\t/g, "\\t")}"`;

function editIndex(dir: string, plan: RepositoryPlan, template: SubmoduleTemplate): void {
  const entries = new Map<string, string>();
  for (const entry of git(dir, "ls-files", "-sz").split("\0")) {
    const [meta = "", path] = entry.split("\t", 2).length === 2 ? splitOnce(entry) : ["", undefined];
    if (path !== undefined) entries.set(path, meta);
  }
  const flags: Record<"intend" | "assume" | "skip", string[]> = { intend: [], assume: [], skip: [] };
  const info: string[] = [];
  for (const edit of plan.index) {
    const known = entries.get(edit.path);
    if (edit.edit === "set") info.push(`${metaOf(dir, edit.file, template)} 0\t${edit.path}\0`);
    else if (edit.edit === "remove") info.push(`0 ${"0".repeat(40)}\t${edit.path}\0`);
    else if (edit.edit === "move" && known) info.push(`0 ${"0".repeat(40)}\t${edit.path}\0`, `${known}\t${edit.to}\0`);
    else if (edit.edit === "conflict") info.push(...conflictLines(dir, edit));
    else if (edit.edit !== "move") flags[edit.edit].push(edit.path);
  }
  if (info.length > 0) gitBytes(dir, ["update-index", "-z", "--index-info"], { input: info.join("") });
  for (const path of flags.intend) tolerate(() => git(dir, "add", "-fN", "--", `:(literal)${path}`));
  for (const path of flags.assume) tolerate(() => git(dir, "update-index", "--assume-unchanged", "--", path));
  for (const path of flags.skip) tolerate(() => git(dir, "update-index", "--skip-worktree", "--", path));
  tolerate(() => git(dir, "update-index", "--index-version", String(plan.indexVersion)));
}

function splitOnce(entry: string): [string, string] {
  const tab = entry.indexOf("\t");
  return [entry.slice(0, tab), entry.slice(tab + 1)];
}

function metaOf(dir: string, file: PlannedFile, template: SubmoduleTemplate): string {
  if (file.kind === "submodule") return `${MODES.submodule} ${template[file.commit]}`;
  return `${MODES[file.kind]} ${blob(dir, file.content)}`;
}

const blob = (dir: string, content: string): string =>
  gitBytes(dir, ["hash-object", "-w", "--stdin"], { input: content }).toString().trim();

const conflictLines = (dir: string, { path, stages }: { path: string; stages: number }): string[] => [
  `0 ${"0".repeat(40)}\t${path}\0`,
  ...[1, 2, 3]
    .filter((stage) => stages & (1 << (stage - 1)))
    .map((stage) => `${MODES.file} ${blob(dir, `stage ${stage}\n`)} ${stage}\t${path}\0`),
];

/** Edits that a repository does not allow, such as marking a path that is not there, are left out. */
function tolerate(edit: () => void): void {
  try {
    edit();
  } catch {
    // The plan goes on without it.
  }
}

function editWorktree(dir: string, edit: WorktreeEdit, template: SubmoduleTemplate): void {
  tolerate(() => {
    const path = join(dir, edit.path);
    if (edit.edit === "touch") writeFileSync(path, "touched\n", { flag: "r+" });
    else rmSync(path, { recursive: true, force: true });
    if (edit.edit === "directory") mkdirSync(path, { recursive: true });
    else if (edit.edit === "write") {
      mkdirSync(dirname(path), { recursive: true });
      writePlanned(dir, edit.path, edit.file, template);
    }
  });
}

function writePlanned(dir: string, relative: string, file: PlannedFile, template: SubmoduleTemplate): void {
  const path = join(dir, relative);
  if (file.kind === "submodule") checkOutSubmodule(dir, relative, template);
  else if (file.kind === "link") symlinkSync(file.content, path);
  else {
    writeFileSync(path, file.content);
    if (file.kind === "program") chmodSync(path, 0o755);
  }
}

/** Copies the template, with its second commit checked out. */
function checkOutSubmodule(dir: string, relative: string, template: SubmoduleTemplate): void {
  const path = join(dir, relative);
  mkdirSync(path, { recursive: true });
  if (readdirSync(path).length === 0) cpSync(template.path, path, { recursive: true });
}
