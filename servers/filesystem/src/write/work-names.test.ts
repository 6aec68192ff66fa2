import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { openSandbox, type PathSandbox } from "@mcp-reference/security";
import { connect, tempDir, textOf } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { copyPath } from "../copy/copy-path.js";
import definition from "../index.js";
import { lockForCommit } from "./commit-lock.js";
import { PathLocks } from "./path-locks.js";
import { replaceFile } from "./replace-file.js";
import { isWorkName } from "./work-names.js";

let dir: string;

beforeEach(async () => {
  dir = await tempDir();
});

const added = async (known: readonly string[]) => (await readdir(dir)).filter((name) => !known.includes(name));

it("knows every name under which something is put beside a file that is written", async () => {
  const sandbox = await openSandbox({ roots: [{ path: dir }] });
  const seen: string[] = [];
  for (const name of ["a.txt", "ünï\n", "x".repeat(200)]) {
    await replaceFile(sandbox, name, { mode: "create" }, async () => {
      seen.push(...(await added([])));
    });
    seen.push(...(await whileLocked(sandbox, name)));
  }
  await mkdir(path.join(dir, "tree"));
  await writeFile(path.join(dir, "tree", "leaf"), "");
  const known = await readdir(dir);
  const context = { sandbox, locks: new PathLocks(), signal: new AbortController().signal };
  let listed: Promise<string[]> | undefined;
  await copyPath(context, { source: "tree", destination: "copy", overwrite: false, recursive: true }, () => {
    listed = added(known);
  });
  seen.push(...((await listed) ?? []).filter((name) => name !== "copy"));
  const names = ["a.txt", "ünï\n", "x".repeat(200)];
  const work = seen.filter((name) => !names.includes(name));
  expect(work.length).toBeGreaterThanOrEqual(6);
  expect(work.filter((name) => !isWorkName(name))).toEqual([]);
  expect([...names, ".mcp-tmp", "a.mcp-tmp", ".a.mcp-lock", ".gitignore"].filter(isWorkName)).toEqual([]);
  await sandbox.close();
});

async function whileLocked(sandbox: PathSandbox, name: string): Promise<string[]> {
  const place = await sandbox.place(name);
  const release = await lockForCommit(place);
  const names = await added([]);
  await release();
  await place.close();
  return names;
}

describe("what a killed process left", () => {
  it("shows in no listing, no search and no copy", async () => {
    await mkdir(path.join(dir, "src", ".a.txt.0123456789ab.mcp-tmp"), { recursive: true });
    await writeFile(path.join(dir, "src", ".a.txt.0123456789ab.mcp-tmp", "content"), "half a needle");
    await mkdir(path.join(dir, "src", ".0123456789abcdefghij-_.mcp-lock"));
    await writeFile(path.join(dir, "src", "a.txt"), "whole needle");
    const client = await connect(definition, { argv: [dir] });
    for (const [tool, args] of [
      ["list_directory", { path: "src" }],
      ["list_directory_with_sizes", { path: "src" }],
      ["directory_tree", { path: "." }],
      ["search_files", { path: ".", pattern: "**" }],
      ["search_text", { path: ".", pattern: "needle" }],
    ] as const) {
      const shown = textOf(await client.callTool(tool, args));
      expect(shown, tool).toContain("a.txt");
      expect(shown, tool).not.toMatch(/mcp-tmp|mcp-lock|hidden|half/);
    }
    const copy = await client.callTool("copy_file", { source: "src", destination: "dst", recursive: true });
    expect(copy.structuredContent).toMatchObject({ files: 1, hidden: 0 });
    expect(await readdir(path.join(dir, "dst"))).toEqual(["a.txt"]);
    expect(await readFile(path.join(dir, "dst", "a.txt"), "utf8")).toBe("whole needle");
  });
});
