import { confirm, writes } from "@mcp-reference/runtime";
import * as z from "zod";
import { restore } from "../changes/reset/restore.js";
import { shownPaths } from "../changes/shown-paths.js";
import { tool } from "../define.js";
import { paths, repoPath, revision } from "../fields.js";
import { textOf } from "../repository/bytes/byte-string.js";

export const gitRestore = tool({
  name: "git_restore",
  description: "Give up changes to files or, with staged, unstage them. Asked before files are overwritten.",
  effect: writes({ destructive: true, idempotent: true }),
  set: "write",
  input: z.strictObject({
    repo_path: repoPath,
    paths: paths.min(1),
    source: revision.optional().describe("Default: index; with staged HEAD"),
    staged: z.boolean().default(false).describe("Restore the index"),
    worktree: z.boolean().optional().describe("Restore files; default: unless staged"),
  }),
  output: z.object({
    written: z.array(z.string()).describe("Files written"),
    removed: z.array(z.string()).describe("Files removed: the source has none"),
    unstaged: z.array(z.string()).describe("Paths of the index that changed"),
    total: z.number().int().describe("Paths; long lists are cut"),
    undo: z.string().optional().describe("How to get the changes back"),
  }),
  ask({ paths, source, staged, worktree = !staged }) {
    if (!worktree) return undefined;
    const from = source ?? (staged ? "HEAD" : "the index");
    return confirm(`Overwrite ${paths.slice(0, 20).join(", ")} with what ${from} has, giving up local changes?`);
  },
  async handle({ repo_path, paths, source, staged, worktree = !staged }, { repositories, signal }) {
    const repo = repositories.open(repo_path);
    const result = await restore(repo, { paths, source, staged, worktree }, signal);
    return {
      written: shownPaths(result.written),
      removed: shownPaths(result.removed),
      unstaged: shownPaths(result.unstaged),
      total: new Set([...result.written, ...result.removed, ...result.unstaged]).size,
      ...(result.undoRef && { undo: `git_restore with source ${textOf(result.undoRef)}` }),
    };
  },
});
