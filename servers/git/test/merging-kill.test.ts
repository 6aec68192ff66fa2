import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describeGit, git } from "@mcp-reference/testing";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { commitOf, lines, twins } from "./merging-twins.js";

const FILES = 120;

const filesOf = (side: string) =>
  Object.fromEntries(
    Array.from({ length: FILES }, (_, n) => [`d${n % 5}/f${n}`, lines("1", n % 2 ? side : "same", "3")]),
  );

const history =
  commitOf(1, "main", [], filesOf("base")) +
  commitOf(2, "main", [1], filesOf("ours")) +
  commitOf(3, "topic", [1], {
    ...filesOf("theirs"),
    ...Object.fromEntries(Array.from({ length: FILES }, (_, n) => [`n${n}`, `${n}\n`])),
  });

describeGit("a merge that is killed", () => {
  it("leaves a repository that git accepts", async () => {
    const bundled = await build({
      entryPoints: [path.join(import.meta.dirname, "merging-process.ts")],
      write: false,
      bundle: true,
      platform: "node",
      format: "esm",
    });
    const { ours, theirs } = await twins(history);
    const program = path.join(path.dirname(ours), "merge.mjs");
    writeFileSync(program, bundled.outputFiles[0]?.text ?? "");
    const head = git(theirs, "rev-parse", "HEAD");
    for (let kill = 0; kill < 6; kill++) {
      const child = spawn(process.execPath, [program, ours, "topic", "1000"], { stdio: ["ignore", "pipe", "inherit"] });
      const ended = once(child, "exit");
      for await (const chunk of child.stdout) {
        // Each round it gets further before it is killed.
        const until = performance.now() + kill * 12;
        while (performance.now() < until) await new Promise(setImmediate);
        if (String(chunk) !== "") child.kill("SIGKILL");
      }
      await ended;
      const gitDir = path.join(ours, ".git");
      const locks = readdirSync(gitDir, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".lock"));
      for (const lock of locks) rmSync(path.join(gitDir, lock));
      expect(git(ours, "fsck", "--strict", "--no-dangling")).toBe("");
      expect(git(ours, "rev-parse", "HEAD")).toBe(head);
      git(ours, "status", "--porcelain");
      git(ours, "reset", "--hard", "-q");
      git(ours, "clean", "-fdq");
      expect(git(ours, "status", "--porcelain")).toBe("");
    }
  });
});
