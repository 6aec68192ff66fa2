import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describeGit, git, gitBytes } from "@mcp-reference/testing";
import { ToolError } from "@mcp-reference/validation";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { switchTree } from "../../src/changes/switch-tree.js";
import { withIndexLock } from "../../src/changes/with-index-lock.js";
import { filesOf, stateOf, type Twins, twins } from "./twins.js";

type Tree = Record<string, string>;

/** What may be at a few paths that get in each other's way. */
const NAMES = ["a", "a/b", "a/b/c", "a/d", "e", "f/g", "ignored/h", "i.ignored"];
const content = fc.constantFrom("1\n", "2\n", "x:#!/bin/sh\n", "l:a", "l:e", "3\r\n");
const tree = fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), content), { selector: ([name]) => name, maxLength: 6 });

/** Files that can be together: none is a directory of another. */
const treeOf = (entries: readonly (readonly [string, string])[]): Tree =>
  Object.fromEntries(
    entries.filter(([name]) => !entries.some(([other]) => other !== name && name.startsWith(`${other}/`))),
  );

/** Commits with `git fast-import`: each tree becomes a branch. */
function importTrees(run: (dir: string, input: string) => void, dir: string, trees: Record<string, Tree>): void {
  const lines: string[] = [];
  for (const [branch, files] of Object.entries(trees)) {
    lines.push(
      `commit refs/heads/${branch}`,
      "committer C <c@example.com> 1700000000 +0000",
      "data 1",
      "x",
      "deleteall",
    );
    for (const [name, text] of [...Object.entries(files), [".gitignore", "*.ignored\nignored/\n"]] as [
      string,
      string,
    ][]) {
      const mode = text.startsWith("x:") ? "100755" : text.startsWith("l:") ? "120000" : "100644";
      const body = text.replace(/^[xl]:/, "");
      lines.push(`M ${mode} inline ${name}`, `data ${body.length}`, body);
    }
  }
  run(dir, `${lines.join("\n")}\n`);
}

/** Puts a file or link, or nothing, at a path, whatever is in the way. */
function place(dir: string, name: string, text: string | undefined): void {
  const file = path.join(dir, name);
  for (let slash = name.indexOf("/"); slash >= 0; slash = name.indexOf("/", slash + 1)) {
    const above = path.join(dir, name.slice(0, slash));
    if (lstatSync(above, { throwIfNoEntry: false })?.isDirectory() === false) rmSync(above);
    mkdirSync(above, { recursive: true });
  }
  rmSync(file, { recursive: true, force: true });
  if (text === undefined) return;
  if (text.startsWith("l:")) symlinkSync(text.slice(2), file);
  else writeFileSync(file, text.replace(/^x:/, ""), { mode: text.startsWith("x:") ? 0o755 : 0o644 });
}

const fastImport = (dir: string, input: string) => void gitBytes(dir, ["fast-import", "--quiet"], { input });

/** Is a staged change where one of the trees has a directory, or the other way round? */
function isEntangled(staged: readonly string[], from: Tree, to: Tree): boolean {
  const tracked = [...Object.keys(from), ...Object.keys(to)];
  return staged.some((name) => tracked.some((other) => name.startsWith(`${other}/`) || other.startsWith(`${name}/`)));
}

async function switchTo(t: Twins, branch: string, force = false): Promise<string> {
  const from = git(t.ours, "rev-parse", "HEAD^{tree}");
  const to = git(t.ours, "rev-parse", `${branch}^{tree}`);
  try {
    await withIndexLock(t.repo, undefined, (lock) => switchTree(t.repo, lock, from, to, { force }));
    return "done";
  } catch (error) {
    if (error instanceof ToolError) return error.code;
    throw error;
  }
}

describeGit("switching trees", () => {
  it("does what git read-tree -m -u does, whatever is staged, changed and untracked", async () => {
    const local = fc.array(
      fc.record({
        name: fc.constantFrom(...NAMES),
        text: fc.option(content, { nil: undefined }),
        staged: fc.boolean(),
      }),
      { maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(tree, tree, local, fc.boolean(), async (from, to, changes, force) => {
        const t = await twins((dir, run) => {
          importTrees(fastImport, dir, { main: treeOf(from), other: treeOf(to) });
          run("reset", "-q", "--hard", "main");
        });
        for (const { name, text, staged } of changes) {
          for (const dir of [t.theirs, t.ours]) place(dir, name, text);
          if (staged) for (const dir of [t.theirs, t.ours]) git(dir, "add", "-A", "-f", ".");
        }
        t.repo.refresh();
        // Git loses what is staged where a file and a directory swap places; we refuse or keep it.
        fc.pre(!isEntangled(git(t.ours, "diff", "--cached", "--name-only").split("\n"), treeOf(from), treeOf(to)));
        const args = force
          ? ["reset", "-q", "--hard", "other"]
          : ["read-tree", "-m", "-u", "--exclude-per-directory=.gitignore", "main", "other"];
        const before = stateOf(t.ours);
        t.git("update-index", "-q", "--refresh");
        const { ok, output } = t.git(...args);
        const result = await switchTo(t, "other", force);
        expect(`${result} ${ok ? "" : output}`).toBe(ok ? "done " : `CONFLICT ${output}`);
        if (!ok) expect(stateOf(t.ours)).toEqual(before);
        else {
          if (force) git(t.ours, "reset", "-q", "--soft", "other");
          const [mine, theirs] = [stateOf(t.ours), stateOf(t.theirs)];
          expect({ ...mine, logs: {} }).toEqual({ ...theirs, logs: {} });
        }
      }),
      { numRuns: 25 },
    );
  });

  it("never writes through a link, nor into .git", async () => {
    const t = await twins((dir, run) => {
      importTrees(fastImport, dir, { main: { a: "1" }, other: { "a/b": "2" } });
      run("reset", "-q", "--hard", "main");
    });
    rmSync(path.join(t.ours, "a"));
    symlinkSync("..", path.join(t.ours, "a"));
    const before = filesOf(path.dirname(t.ours));
    expect(await switchTo(t, "other")).toBe("CONFLICT");
    expect(filesOf(path.dirname(t.ours))).toEqual(before);
  });
});
