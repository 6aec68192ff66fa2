import { confirm, writes } from "@mcp-reference/runtime";
import { ToolError } from "@mcp-reference/validation";
import * as z from "zod";
import { reset, unstage } from "../changes/reset/reset.js";
import { shownPaths } from "../changes/shown-paths.js";
import { tool } from "../define.js";
import { paths, repoPath, revision } from "../fields.js";
import { textOf } from "../repository/bytes/byte-string.js";
import { resolveRevision } from "../repository/revision/resolve.js";

export const gitReset = tool({
  name: "git_reset",
  description: "Unstage everything or some paths, or move the branch. hard gives up local changes: asked first.",
  effect: writes({ destructive: true }),
  set: "write",
  input: z.strictObject({
    repo_path: repoPath,
    paths: paths.min(1).optional().describe("Only unstage these"),
    mode: z.enum(["soft", "mixed", "hard"]).default("mixed").describe("soft: branch; mixed: + index; hard: + files"),
    revision: revision.default("HEAD"),
  }),
  output: z.object({
    head: z.string().optional().describe("Commit of the branch now"),
    unstaged: z.array(z.string()).optional().describe("Paths whose staged version changed; a long list is cut"),
    undo: z.string().optional().describe("How to get back"),
  }),
  ask({ repo_path, mode, revision }, { repositories }) {
    if (mode !== "hard") return undefined;
    const repo = repositories.open(repo_path);
    const head = repo.refs.head().oid ?? null;
    const to = head === null ? "nothing" : resolveRevision(repo, revision);
    return confirm(`Reset hard to ${revision} (${to}), giving up all staged and unstaged changes?`, {
      facts: { head },
    });
  },
  async handle({ repo_path, paths, mode, revision }, { repositories, signal }, approved) {
    const repo = repositories.open(repo_path);
    if (paths) {
      if (mode !== "mixed") throw new ToolError("INVALID_ARGUMENT", `Paths cannot be reset ${mode}: leave out mode`);
      const unstaged = await unstage(repo, { paths, revision }, signal);
      return { head: repo.refs.head().oid, unstaged: shownPaths(unstaged) };
    }
    const { from, to, undoRef } = await reset(repo, { mode, revision, expectedHead: approved?.head }, signal);
    const kept = undoRef && textOf(undoRef);
    const back = from === undefined || from === to ? "" : `git_reset mode ${mode} revision ${from}`;
    const files = mode === "hard" && kept ? `git_restore paths ["."] source ${kept} for the changes` : "";
    return { head: to, undo: [back, files].filter(Boolean).join("; ") || undefined };
  },
});
