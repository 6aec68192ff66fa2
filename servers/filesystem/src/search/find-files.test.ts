import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { plant, plantedTrees, scopeOf, silent } from "../walk/planted.fixture.js";
import type { FindResult, FindTask } from "../walk/tasks.js";
import { findFiles } from "./find-files.js";

let directory: string;
beforeEach(async () => {
  directory = await tempDir();
});

const find = (pattern: string, changes: Partial<FindTask> = {}): FindResult =>
  findFiles(
    { kind: "find", scope: scopeOf(directory), pattern, type: "any", limit: 1000, after: undefined, ...changes },
    silent(),
  );

const pathsOf = ({ paths, types }: FindResult) => (types === "" ? [] : paths.split("\0"));

describe("findFiles", () => {
  it.runIf(process.platform === "linux")("finds what find does", () => {
    const suffix = fc.constantFrom("a", "é", "😀", ".", " ", "\n");
    fc.assert(
      fc.property(plantedTrees(), suffix, (tree, end) => {
        rmSync(directory, { recursive: true });
        mkdirSync(directory);
        plant(directory, tree);
        const args = [".", "-mindepth", "1", "-name", `*${end}`, "-printf", "%P\\0"];
        const env = { ...process.env, LC_ALL: "C.UTF-8" };
        const expected = execFileSync("find", args, { cwd: directory, env }).toString().split("\0").slice(0, -1);
        expect(pathsOf(find(`**/*${end}`)).sort()).toEqual(expected.sort());
      }),
      { numRuns: 30 },
    );
  });

  it("gives pages that add up to the whole", () => {
    const limits = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(plantedTrees(), limits, (tree, limit) => {
        rmSync(directory, { recursive: true });
        mkdirSync(directory);
        plant(directory, tree);
        const scope = scopeOf(directory, { secrets: { deny: ["*é*"], allow: [] } });
        const whole = find("**/*a*", { scope });
        const pages: FindResult[] = [];
        for (
          let after: string | undefined;
          pages.at(-1)?.more !== false;
          after = pathsOf(pages.at(-1) as FindResult).at(-1)
        ) {
          pages.push(find("**/*a*", { scope, limit, after }));
        }
        expect(pages.flatMap(pathsOf)).toEqual(pathsOf(whole));
        expect(pages.map(({ types }) => types).join("")).toBe(whole.types);
        expect(pages.reduce((sum, { hidden }) => sum + hidden, 0)).toBe(whole.hidden);
        expect(pages.slice(0, -1).every(({ types }) => types.length === limit)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("tells types apart", () => {
    plant(directory, { d: {}, f: "" });
    symlinkSync("f", join(directory, "l"));
    const found = (["file", "directory", "link", "any"] as const).map((type) => find("*", { type }));
    expect(found.map(({ paths, types }) => [paths, types])).toEqual([
      ["f", "f"],
      ["d", "d"],
      ["l", "l"],
      ["d\0f\0l", "dfl"],
    ]);
    expect(find("nothing")).toEqual({ paths: "", types: "", more: false, hidden: 0, unreadable: 0 });
  });

  it("looks only where the pattern leads", () => {
    let visited = 0;
    const progress = silent();
    progress.visit = () => void visited++;
    plant(directory, { a: { b: { c: "" } }, d: { e: { f: "" } }, g: "" });
    const task = { kind: "find", scope: scopeOf(directory), type: "any", limit: 10, after: undefined } as const;
    expect(pathsOf(findFiles({ ...task, pattern: "a/*" }, progress))).toEqual(["a/b"]);
    expect(visited).toBe(4);
  });
});
