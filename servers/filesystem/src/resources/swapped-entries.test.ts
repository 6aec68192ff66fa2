import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openSandbox } from "@mcp-reference/security";
import { tempDir } from "@mcp-reference/testing";
import { ToolError } from "@mcp-reference/validation";
import { describe, expect, it, onTestFinished } from "vitest";
import { listPage } from "../listing/list-page.js";
import { completePath } from "./complete-path.js";
import { readPath } from "./read-path.js";

/** Swaps a directory for a link to another one outside, and back, until it is killed. */
const SWAPPER = `
  const { renameSync, symlinkSync, unlinkSync, writeSync } = require("node:fs");
  const [tree, outside] = process.argv.slice(1);
  writeSync(1, "ready");
  for (;;) {
    renameSync(tree + "/dir", tree + "/aside");
    symlinkSync(outside, tree + "/dir");
    unlinkSync(tree + "/dir");
    renameSync(tree + "/aside", tree + "/dir");
  }`;

async function startSwapper(): Promise<{ tree: string; outside: string }> {
  const [tree, outside] = [await tempDir(), await tempDir()];
  await mkdir(join(tree, "dir", "sub"), { recursive: true });
  await mkdir(join(outside, "sub"));
  for (const below of ["", "sub"]) {
    await writeFile(join(tree, "dir", below, "file"), "own");
    await writeFile(join(outside, below, "file"), "canary");
    await writeFile(join(outside, below, "canary"), "canary");
  }
  const child = spawn(process.execPath, ["-e", SWAPPER, tree, outside], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  return { tree, outside };
}

const call = {
  caller: { id: "test", scopes: "all" as const },
  signal: new AbortController().signal,
  maxOutput: 10_000,
  maxMedia: 160_000,
  progress() {},
  cursors: {
    seal: () => "",
    open: () => {
      throw new Error("no cursor was given");
    },
  },
};

describe.runIf(process.platform === "linux")(
  "while another process swaps a directory for a link to the outside",
  () => {
    it("lists, reads and completes nothing outside, in 10,000 tries", async () => {
      const { tree, outside } = await startSwapper();
      const sandbox = await openSandbox({ roots: [{ path: tree }] });
      onTestFinished(() => sandbox.close());
      const log = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {}, child: () => log };
      const context = { ...call, log, sandbox };
      const listing = {
        order: "size",
        columns: { size: true },
        dotfiles: true,
        totals: true,
        cursor: undefined,
        limit: 10,
        maxBytes: 1000,
      } as const;
      const tries = [
        (below: string) => listPage({ ...listing, path: join(tree, below) }, context),
        (below: string) => readPath(join(tree, below, "file"), context),
        (below: string) => readPath(join(tree, below), context),
        (below: string) => completePath(`${join(tree, below)}/`, context),
      ];
      const seen = { own: 0, refused: 0 };
      for (let round = 0; round < 10_000; round++) {
        const below = ["", "dir", "dir/sub"][round % 3] as string;
        try {
          const result = JSON.stringify(await tries[round % tries.length]?.(below));
          for (const leak of ["canary", outside]) expect(result).not.toContain(leak);
          if (result.includes("own") || result.includes("file")) seen.own++;
        } catch (error) {
          if (!(error instanceof ToolError)) throw error;
          seen.refused++;
        }
      }
      // Both states were met: the race was one.
      expect(Math.min(seen.own, seen.refused)).toBeGreaterThan(0);
    }, 120_000);
  },
);
