import { execFile } from "node:child_process";
import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openSandbox, type PathSandbox } from "@mcp-reference/security";
import { tempDir } from "@mcp-reference/testing";
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { plant } from "../walk/planted.fixture.js";
import { FileSearch } from "./file-search.js";
import { WorkerPool } from "./worker-pool.js";

const pool = new WorkerPool();
afterAll(() => pool.close());

let directory: string;
beforeEach(async () => {
  directory = await tempDir();
});

async function open(roots: string[], options: { portable?: boolean; narrowTo?: string } = {}): Promise<FileSearch> {
  const wide = await openSandbox({ roots: roots.map((path) => ({ path })), portable: options.portable });
  onTestFinished(() => wide.close());
  if (options.narrowTo === undefined) return new FileSearch(wide, pool);
  const narrow: PathSandbox = await wide.narrow([options.narrowTo]);
  onTestFinished(() => narrow.close());
  return new FileSearch(narrow, pool);
}

const call = () => ({ signal: new AbortController().signal });

describe.each([
  ["descriptors", false],
  ["paths", true],
])("FileSearch through %s", (_, portable) => {
  it.runIf(portable || process.platform === "linux")("finds, searches and lists below a directory", async () => {
    plant(directory, {
      src: { "a.ts": "needle\n", lib: { "b.ts": "hay\nneedle" } },
      "c.md": "needle",
      ".env": "needle",
    });
    symlinkSync("src", join(directory, "link"));
    const search = await open([directory], { portable });
    const src = join(directory, "src");
    expect(await search.findFiles("link", { pattern: "**/*.ts", limit: 10 }, call())).toEqual({
      directory: src,
      entries: [
        { path: "a.ts", type: "file" },
        { path: "lib/b.ts", type: "file" },
      ],
      next: undefined,
      hidden: 0,
      unreadable: 0,
    });
    const text = await search.searchText(directory, { pattern: "needle", limit: 2 }, call());
    expect(text.files.map(({ path }) => path)).toEqual(["c.md", "src/a.ts"]);
    expect(text).toMatchObject({ matches: 2, searched: 2, hidden: 1, next: { path: "src/a.ts", line: 1 } });
    const rest = await search.searchText(directory, { pattern: "needle", limit: 2, after: text.next }, call());
    expect(rest).toMatchObject({
      files: [{ path: "src/lib/b.ts" }],
      matches: 1,
      searched: 1,
      hidden: 0,
      next: undefined,
    });
    expect(await search.tree(src, { depth: 1, maxEntries: 10 }, call())).toMatchObject({
      children: [{ name: "a.ts" }, { name: "lib", type: "directory" }],
      entries: 2,
      truncated: false,
    });
  });
});

describe("FileSearch", () => {
  it("pages through what it finds", async () => {
    plant(directory, { a: "", b: { c: "" }, d: "" });
    const search = await open([directory]);
    const first = await search.findFiles(".", { pattern: "**", limit: 2 }, call());
    expect(first).toMatchObject({ entries: [{ path: "a" }, { path: "b", type: "directory" }], next: "b" });
    const second = await search.findFiles(".", { pattern: "**", limit: 2, after: first.next }, call());
    expect(second).toMatchObject({ entries: [{ path: "b/c" }, { path: "d" }], next: undefined });
  });

  it("searches a single file, whatever the rules would leave out", async () => {
    plant(directory, { ".gitignore": "*.log", d: { "a.log": "x\ny\nx", "b.log": "x" } });
    symlinkSync("d/a.log", join(directory, "link"));
    const search = await open([directory]);
    for (const path of ["d/a.log", "link"]) {
      const found = await search.searchText(
        path,
        { pattern: "x", limit: 9, respectGitignore: true, exclude: ["**"] },
        call(),
      );
      expect(found).toMatchObject({
        directory: join(directory, "d"),
        searched: 1,
        matches: 2,
        files: [{ path: "a.log" }],
      });
    }
  });

  it("honours ignore files between the root, the repository and the start", async () => {
    const rules = { ".gitignore": "*.a\nrepo/src/*.c\n!keep.b\n" };
    const src = { ".gitignore": "!x.b\n", "x.a": "", "x.b": "", "x.c": "", "y.b": "", "keep.b": "", "x.d": "" };
    plant(directory, { ...rules, repo: { ".gitignore": "*.b\n/src/*.d\n", src } });
    const search = await open([directory]);
    const visible = async () => {
      const options = { pattern: "*", limit: 99, respectGitignore: true };
      const { entries } = await search.findFiles("repo/src", options, call());
      return entries.map(({ path }) => path);
    };
    expect(await visible()).toEqual([".gitignore", "x.b"]);
    plant(join(directory, "repo"), { ".git": {} });
    expect(await visible()).toEqual([".gitignore", "x.a", "x.b", "x.c"]);
  });

  it("keeps secrets hidden that only the wider root knows as such", async () => {
    plant(directory, { ".aws": { credentials: "needle", config: "needle" } });
    const search = await open([directory], { narrowTo: join(directory, ".aws") });
    const found = await search.searchText(".", { pattern: "needle", limit: 9 }, call());
    expect(found).toMatchObject({ files: [{ path: "config" }], hidden: 1, matches: 1 });
    const hidden = search.searchText("credentials", { pattern: "needle", limit: 9 }, call());
    await expect(hidden).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  });

  it("refuses what the sandbox refuses", async () => {
    plant(directory, { file: "" });
    const search = await open([directory]);
    const tries: [path: string, code: string][] = [
      ["gone", "NOT_FOUND"],
      ["/", "OUTSIDE_ROOT"],
      ["file", "INVALID_ARGUMENT"],
    ];
    for (const [path, code] of tries) {
      await expect(search.findFiles(path, { pattern: "*", limit: 1 }, call())).rejects.toMatchObject({ code });
    }
    await expect(search.searchText("gone", { pattern: "x", limit: 1 }, call())).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  it.runIf(process.platform === "linux")("leaves no descriptor open", async () => {
    plant(directory, { a: { b: { c: "x" } } });
    const search = await open([directory]);
    const all = () =>
      Promise.all([
        search.findFiles(".", { pattern: "**", limit: 1, respectGitignore: true }, call()),
        search.searchText(".", { pattern: "x", limit: 1 }, call()),
        search.searchText("a/b/c", { pattern: "x", limit: 1 }, call()),
        search.tree(".", { depth: 3, maxEntries: 9 }, call()),
        search.findFiles("a/b/c", { pattern: "**", limit: 1 }, call()).catch(() => {}),
        search.findFiles(".", { pattern: "**", limit: 1 }, { signal: AbortSignal.abort() }).catch(() => {}),
      ]);
    await all();
    const open_ = readdirSync("/proc/self/fd").length;
    for (let round = 0; round < 20; round++) await all();
    expect(readdirSync("/proc/self/fd").length).toBe(open_);
  });

  it("does not hold a process whose work is done", async () => {
    const module = (path: string) => JSON.stringify(fileURLToPath(import.meta.resolve(path)));
    const script = `
      import { openSandbox } from ${module("@mcp-reference/security")};
      import { FileSearch } from ${module("./file-search.ts")};
      import { WorkerPool } from ${module("./worker-pool.ts")};
      const search = new FileSearch(await openSandbox({ roots: [{ path: ${JSON.stringify(directory)} }] }), new WorkerPool());
      const found = await search.findFiles(".", { pattern: "*", limit: 1 }, { signal: new AbortController().signal });
      console.log(JSON.stringify(found.entries));`;
    plant(directory, { a: "" });
    const args = ["--import", import.meta.resolve("tsx"), "--input-type=module", "-e", script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
    expect(stdout.trim()).toBe('[{"path":"a","type":"file"}]');
  });
});
