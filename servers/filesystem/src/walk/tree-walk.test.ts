import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Planted, plant, plantedTrees, scopeOf, silent } from "./planted.fixture.js";
import type { Scope } from "./tasks.js";
import { TreeWalk, type WalkEntry } from "./tree-walk.js";

const linux = process.platform === "linux";
let directory: string;
beforeEach(async () => {
  directory = await tempDir();
});

const all = () => true;

function walk(scope: Scope, from?: string): { entries: WalkEntry[]; hidden: number; unreadable: number } {
  const tree = new TreeWalk(scope, { wants: all, from, progress: silent() });
  return { entries: [...tree.entries()], ...tree.omissions };
}

const paths = (scope: Scope, from?: string) => walk(scope, from).entries.map(({ path }) => path);

function find(start: string): string[] {
  const output = execFileSync("find", [start, "-mindepth", "1", "-printf", "%P\\0"], { maxBuffer: 2 ** 27 });
  return output.toString().split("\0").slice(0, -1);
}

/** The order that the walk promises: by names one after the other. */
function inOrder(found: readonly string[]): string[] {
  return found
    .map((path) => path.split("/"))
    .sort((a, b) => {
      const at = a.findIndex((name, index) => name !== b[index]);
      return at < 0 || (a[at] as string) < (b[at] ?? "") ? -1 : 1;
    })
    .map((names) => names.join("/"));
}

/** Plants a tree in a directory of its own below the test's. */
function planted(tree: Planted): string {
  const start = join(directory, "tree");
  rmSync(start, { recursive: true, force: true });
  mkdirSync(start);
  plant(start, tree);
  return start;
}

describe("TreeWalk", () => {
  it.runIf(linux)("reports what find does, in its own order, whatever the names", () => {
    fc.assert(
      fc.property(plantedTrees(), (tree) => {
        const start = planted(tree);
        expect(paths(scopeOf(start))).toEqual(inOrder(find(start)));
      }),
      { numRuns: 50 },
    );
  });

  it("walks by path as it does by descriptor", () => {
    fc.assert(
      fc.property(plantedTrees(), (tree) => {
        const start = planted(tree);
        symlinkSync("..", join(start, "link"));
        expect(walk(scopeOf(start, { portable: true }))).toEqual(walk(scopeOf(start)));
      }),
      { numRuns: 20 },
    );
  });

  it("goes on anywhere, also behind what is gone, without looking back", () => {
    const point = fc.tuple(fc.nat(), fc.constantFrom("", "!", "/x", "\uFFFF"));
    fc.assert(
      fc.property(plantedTrees(), point, (tree, [index, suffix]) => {
        const start = planted(tree);
        const whole = paths(scopeOf(start));
        const from = (whole[index % Math.max(1, whole.length)] ?? "x") + suffix;
        const expected = inOrder([...new Set([...whole, from])]);
        const rest = expected.slice(expected.indexOf(from));
        expect(paths(scopeOf(start), from)).toEqual(rest.filter((path) => whole.includes(path)));
      }),
      { numRuns: 100 },
    );
  });

  it.runIf(linux)("does not read sub-trees that lie before the point it starts from", () => {
    plant(directory, { a: { b: { x: "" } }, c: { d: { y: "" }, e: { z: "" } } });
    const open = new TreeWalk(scopeOf(directory), { wants: all, from: "c/e/z", progress: silent() });
    const entered: string[] = [];
    const watched = new TreeWalk(scopeOf(directory), {
      wants: all,
      enters: (path) => entered.push(path) > 0,
      from: "c/e/z",
      progress: silent(),
    });
    expect([...watched.entries()].map(({ path }) => path)).toEqual(["c/e/z"]);
    expect(entered).toEqual(["c", "c/e"]);
    expect([...open.entries()]).toHaveLength(1);
  });

  it("reports links and never follows them", () => {
    plant(directory, { outside: { secret: "" }, tree: { a: { file: "" } } });
    symlinkSync("../..", join(directory, "tree/a/loop"));
    symlinkSync("../outside", join(directory, "tree/out"));
    symlinkSync("nowhere", join(directory, "tree/dangling"));
    const found = walk(scopeOf(join(directory, "tree")));
    expect(found.entries.map(({ path, type }) => `${path} ${type}`)).toEqual([
      ...["a directory", "a/file file", "a/loop link", "dangling link", "out link"],
    ]);
    expect(found.unreadable).toBe(0);
  });

  it.runIf(linux)("reports FIFOs as something else and does not wait for them", () => {
    execFileSync("mkfifo", [join(directory, "fifo")]);
    expect(walk(scopeOf(directory)).entries).toEqual([{ path: "fifo", name: "fifo", type: "other" }]);
  });

  it.runIf(linux)("reports names that are not UTF-8, and counts such directories as unreadable", () => {
    writeFileSync(Buffer.from([...Buffer.from(`${directory}/f`), 0xff]), "");
    mkdirSync(Buffer.from([...Buffer.from(`${directory}/d`), 0xfe]));
    const { entries, unreadable } = walk(scopeOf(directory));
    expect(entries.map(({ path }) => path)).toEqual(["d\uFFFD", "f\uFFFD"]);
    expect(unreadable).toBe(1);
  });

  it.runIf(linux && process.getuid?.() !== 0)("counts directories it may not read and goes on", () => {
    plant(directory, { a: { x: "" }, b: { y: "" } });
    chmodSync(join(directory, "a"), 0);
    onTestFinished(() => chmodSync(join(directory, "a"), 0o700));
    const { entries, unreadable } = walk(scopeOf(directory));
    expect(entries.map(({ path }) => path)).toEqual(["a", "b", "b/y"]);
    expect(unreadable).toBe(1);
  });

  it("leaves out what is excluded, with all below it", () => {
    plant(directory, { a: { x: { y: "" } }, b: { x: "" }, "c.log": "", d: { "c.log": "" } });
    expect(paths(scopeOf(directory, { exclude: ["*/x", "*.log"] }))).toEqual(["a", "b", "d", "d/c.log"]);
  });

  it("leaves out and counts what the secrets policy hides, seen from the root", () => {
    plant(directory, { ".env": "", a: { ".env": "", b: "" }, ".ssh": { key: "" } });
    const deny = ["home/a/b", ".env", ".ssh"];
    const found = walk(scopeOf(directory, { secrets: { deny, allow: [] }, policyPath: "home" }));
    expect(found).toEqual({ entries: [{ path: "a", name: "a", type: "directory" }], hidden: 4, unreadable: 0 });
  });

  it("counts as hidden only what it was asked for", () => {
    plant(directory, { ".env": "", "a.pem": "", b: "" });
    const secrets = { deny: [".env", "*.pem"], allow: [] };
    const tree = new TreeWalk(scopeOf(directory, { secrets }), {
      wants: (path) => path.endsWith(".pem"),
      progress: silent(),
    });
    expect([...tree.entries()]).toEqual([]);
    expect(tree.omissions.hidden).toBe(1);
  });

  it("refuses a start that is not the directory meant", () => {
    expect(() => walk(scopeOf(directory, { identity: "1:1" }))).toThrow();
  });
});

describe.runIf(linux)("TreeWalk in deep trees", () => {
  const openDescriptors = () => readdirSync("/proc/self/fd").length;

  /** Two chains, one moved to the end of the other: deeper than any path can be. */
  function plantDeep(levels: number): void {
    const chain = `/${Array(levels / 2)
      .fill("d")
      .join("/")}`;
    mkdirSync(`${directory}/tree${chain}`, { recursive: true });
    mkdirSync(`${directory}/more${chain}`, { recursive: true });
    const leaf = openSync(`${directory}/tree${chain}`, "r");
    renameSync(`${directory}/more`, `/proc/self/fd/${leaf}/d`);
    closeSync(leaf);
    onTestFinished(() => void execFileSync("rm", ["-rf", directory]));
  }

  it("goes below the longest path and holds few descriptors", () => {
    plantDeep(2200);
    const before = openDescriptors();
    const tree = new TreeWalk(scopeOf(`${directory}/tree`), { wants: all, progress: silent() });
    let deepest = 0;
    let most = 0;
    for (const { path } of tree.entries()) {
      deepest = Math.max(deepest, path.split("/").length);
      if (deepest % 100 === 0) most = Math.max(most, openDescriptors());
    }
    expect(deepest).toBe(2201);
    expect(most).toBeLessThan(before + 80);
    expect(openDescriptors()).toBe(before);
    expect(tree.omissions.unreadable).toBe(0);
  });

  it("finds its way back to directories it had to close", () => {
    const levels = Array.from({ length: 400 }, (_, level) => Array(level).fill("d").join("/"));
    for (const level of levels) mkdirSync(join(directory, level, "e"), { recursive: true });
    for (const level of levels) writeFileSync(join(directory, level, "e", "f"), "");
    expect(paths(scopeOf(directory))).toEqual(inOrder(find(directory)));
  });

  it("passes over a directory that was replaced while it was closed", () => {
    const chain = Array(100).fill("d").join("/");
    mkdirSync(join(directory, chain), { recursive: true });
    mkdirSync(join(directory, "d/d/e/f"), { recursive: true });
    mkdirSync(join(directory, "d/e/f"), { recursive: true });
    const seen: string[] = [];
    const tree = new TreeWalk(scopeOf(directory), { wants: all, progress: silent() });
    for (const { path } of tree.entries()) {
      seen.push(path);
      if (path !== chain) continue;
      renameSync(join(directory, "d/d"), join(directory, "old"));
      mkdirSync(join(directory, "d/d/e/planted"), { recursive: true });
    }
    expect(seen.slice(100)).toEqual(["d/d/e", "d/e", "d/e/f"]);
    expect(tree.omissions.unreadable).toBe(1);
  });

  it("closes everything when the walk is left early", () => {
    plant(directory, { a: { b: { c: { d: "" } } } });
    const before = openDescriptors();
    for (const { name } of new TreeWalk(scopeOf(directory), { wants: all, progress: silent() }).entries()) {
      if (name === "d") break;
    }
    expect(openDescriptors()).toBe(before);
  });
});
