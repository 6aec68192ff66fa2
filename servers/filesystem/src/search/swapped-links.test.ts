import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@mcp-reference/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { listTree } from "../walk/list-tree.js";
import { plant, scopeOf, silent } from "../walk/planted.fixture.js";
import { findFiles } from "./find-files.js";
import { searchText } from "./search-text.js";

/** Swaps a directory and a file for links to their namesakes outside, and back, until it is killed. */
const SWAPPER = `
  const { renameSync, symlinkSync, unlinkSync, writeSync } = require("node:fs");
  const [tree, outside] = process.argv.slice(1);
  writeSync(1, "ready");
  for (;;) {
    for (const name of ["a/dir", "a/file"]) {
      renameSync(tree + "/" + name, tree + "/p/" + name.slice(2));
      symlinkSync(outside + "/" + name.slice(2), tree + "/" + name);
    }
    for (const name of ["a/dir", "a/file"]) {
      unlinkSync(tree + "/" + name);
      renameSync(tree + "/p/" + name.slice(2), tree + "/" + name);
    }
  }`;

async function startSwapper(): Promise<string> {
  const directory = await tempDir();
  plant(directory, {
    outside: { dir: { deep: { leaked: "canary" }, file: "canary" }, file: "canary" },
    tree: { a: { dir: { deep: { own: "own" }, file: "own" }, file: "own" } },
  });
  mkdirSync(join(directory, "tree/p"));
  const tree = join(directory, "tree");
  const child = spawn(process.execPath, ["-e", SWAPPER, tree, join(directory, "outside")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  return tree;
}

describe.runIf(process.platform === "linux")("while another process swaps entries for links to the outside", () => {
  it("lists and reads nothing outside, in 10,000 searches", async () => {
    const tree = await startSwapper();
    const scope = scopeOf(tree);
    const seen = { links: 0, own: 0, leaked: 0 };
    const ask = { scope, regex: false, caseSensitive: true, include: [], context: 0, limit: 100 };
    const file = { after: undefined, only: undefined, maxFileBytes: 1000, maxLineLength: 100 };
    for (let round = 0; round < 10_000; round++) {
      const found = findFiles(
        { kind: "find", scope, pattern: "**", type: "any", limit: 100, after: undefined },
        silent(),
      );
      if (found.types.includes("l")) seen.links++;
      if (found.paths.includes("own")) seen.own++;
      if (found.paths.includes("leaked")) seen.leaked++;
      const text = await searchText({ kind: "search", pattern: "canary", ...ask, ...file }, silent());
      seen.leaked += text.matches;
    }
    expect(seen.leaked).toBe(0);
    // Both states were met: the race was one.
    expect(Math.min(seen.links, seen.own)).toBeGreaterThan(0);
  });

  it("lists no tree of the outside, in 5,000 listings", async () => {
    const scope = scopeOf(await startSwapper());
    let links = 0;
    for (let round = 0; round < 5000; round++) {
      const tree = JSON.stringify(listTree({ kind: "tree", scope, depth: 5, maxEntries: 100 }, silent()));
      if (tree.includes("link")) links++;
      expect(tree).not.toContain("leaked");
    }
    expect(links).toBeGreaterThan(0);
  });
});
