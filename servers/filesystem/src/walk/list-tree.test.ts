import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { beforeEach, expect, it } from "vitest";
import { listTree } from "./list-tree.js";
import { type Planted, plant, plantedTrees, scopeOf, silent } from "./planted.fixture.js";
import type { Scope, TreeNode, TreeResult } from "./tasks.js";
import { TreeWalk } from "./tree-walk.js";

let directory: string;
beforeEach(async () => {
  directory = await tempDir();
});

const list = (scope: Scope, depth: number, maxEntries = 1000) =>
  listTree({ kind: "tree", scope, depth, maxEntries }, silent());

/** A tree in one line: `a[b c[+2] d]`, `?` for a directory that was not looked into. */
function inLine({ children, more }: { children?: TreeNode[]; more?: number }): string {
  const parts = (children ?? []).map((child) => {
    if (child.type !== "directory") return child.name;
    return child.name + (child.children ? `[${inLine(child)}]` : "?");
  });
  return [...parts, ...(more ? [`+${more}`] : [])].join(" ");
}

const pathsOf = (children: readonly TreeNode[], base = ""): string[] =>
  children.flatMap(({ name, children: below = [] }) => [base + name, ...pathsOf(below, `${base}${name}/`)]);

it("lists as deep as asked for", () => {
  plant(directory, { a: { b: { c: { d: "" } }, e: "" }, empty: {}, f: "" });
  symlinkSync("a", join(directory, "link"));
  const scope = scopeOf(directory);
  expect([1, 2, 3].map((depth) => inLine(list(scope, depth)))).toEqual([
    "a? empty? f link",
    "a[b? e] empty[] f link",
    "a[b[c?] e] empty[] f link",
  ]);
  expect(list(scope, 9)).toMatchObject({ entries: 8, more: 0, truncated: false, hidden: 0, unreadable: 0 });
});

it("gives the upper levels the room first, and the directories of a level even shares", () => {
  const files = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, ""]));
  plant(directory, { big: files(9), small: files(2), top: "", deep: { d: files(1) } });
  const scope = scopeOf(directory);
  const listed = (maxEntries: number) => inLine(list(scope, 3, maxEntries));
  expect(listed(2)).toBe("big? deep? +2");
  expect(listed(4)).toBe("big? deep? small? top");
  expect(listed(9)).toBe("big[f0 f1 +7] deep[d?] small[f0 f1] top");
  expect(listed(11)).toBe("big[f0 f1 f2 f3 +5] deep[d?] small[f0 f1] top");
  expect(listed(17)).toBe("big[f0 f1 f2 f3 f4 f5 f6 f7 f8] deep[d[f0]] small[f0 f1] top");
  expect([2, 4, 9, 16, 17].map((room) => list(scope, 3, room).truncated)).toEqual([true, true, true, true, false]);
});

it("lists what a walk finds, and never more than there is room for", () => {
  fc.assert(
    fc.property(plantedTrees(), fc.integer({ min: 1, max: 30 }), (tree: Planted, room) => {
      const start = join(directory, "tree");
      rmSync(start, { recursive: true, force: true });
      mkdirSync(start);
      plant(start, tree);
      const scope = scopeOf(start);
      const walk = new TreeWalk(scope, { wants: () => true, progress: silent() });
      const all = [...walk.entries()].map(({ path }) => path);
      const whole = list(scope, 100);
      expect(pathsOf(whole.children)).toEqual(all);
      const cut: TreeResult = list(scope, 100, room);
      const shown = pathsOf(cut.children);
      expect(cut.entries).toBe(shown.length);
      expect(shown.length).toBeLessThanOrEqual(room);
      expect(shown.filter((path) => !all.includes(path))).toEqual([]);
      expect(cut.truncated || shown.length === all.length).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it("leaves out what is excluded, ignored or hidden", () => {
  const ignored = { ".gitignore": "*.log\n", "a.log": "", ".git": {} };
  plant(directory, { ...ignored, ".env": "", a: { ".env": "", "x.log": "", y: "" }, out: { z: "" } });
  const secrets = { deny: [".env"], allow: [] };
  const tree = list(scopeOf(directory, { exclude: ["out"], ignoreFiles: [], secrets }), 5);
  expect(inLine(tree)).toBe(".gitignore a[y]");
  expect(tree).toMatchObject({ entries: 3, hidden: 2 });
});

it.runIf(process.platform === "linux")("counts directories it cannot read", () => {
  // A name that is not UTF-8 reads as another one, which does not exist: unreadable for root too.
  mkdirSync(Buffer.from([...Buffer.from(`${directory}/d`), 0xfe]));
  const tree = list(scopeOf(directory), 3);
  expect(tree.unreadable).toBe(1);
  expect(tree.children).toEqual([{ name: "d\uFFFD", type: "directory", unreadable: true }]);
});

it("stops at 500 levels and says so", () => {
  mkdirSync(join(directory, Array(1000).fill("d").join("/")), { recursive: true });
  expect(list(scopeOf(directory), 2000, 5000)).toMatchObject({ entries: 500, truncated: true });
  expect(list(scopeOf(directory), 500, 5000)).toMatchObject({ entries: 500, truncated: false });
});
