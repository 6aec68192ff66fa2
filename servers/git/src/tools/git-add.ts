import { writes } from "@mcp-reference/runtime";
import * as z from "zod";
import { add } from "../changes/add/add.js";
import { shownPaths } from "../changes/shown-paths.js";
import { tool } from "../define.js";
import { paths, repoPath } from "../fields.js";
import { textOf } from "../repository/bytes/byte-string.js";

export const gitAdd = tool({
  name: "git_add",
  description: "Stage files as they are now, and deletions.",
  effect: writes({ idempotent: true }),
  set: "write",
  input: z.strictObject({
    repo_path: repoPath,
    files: paths.min(1).describe('Paths or globs; ["."] is everything'),
    update: z.boolean().default(false).describe("Only tracked files"),
    force: z.boolean().default(false).describe("Ignored files too"),
    intent_to_add: z.boolean().default(false).describe("Only announce new files"),
  }),
  output: z.object({
    added: z.array(z.string()).describe("New paths"),
    modified: z.array(z.string()).describe("Changed paths"),
    deleted: z.array(z.string()).describe("Paths that are gone"),
    total: z.number().int().describe("Paths staged; long lists are cut"),
    undo: z.string().optional().describe("How to unstage them"),
    embedded: z.array(z.string()).optional().describe("Repositories inside this one: only their commit is recorded"),
  }),
  async handle({ repo_path, files, update, force, intent_to_add }, { repositories, signal }) {
    const repo = repositories.open(repo_path);
    const staged = await add(repo, { paths: files, update, force, intentToAdd: intent_to_add }, signal);
    const total = staged.added.length + staged.modified.length + staged.deleted.length;
    return {
      added: shownPaths(staged.added),
      modified: shownPaths(staged.modified),
      deleted: shownPaths(staged.deleted),
      total,
      ...(total > 0 && { undo: "git_reset with these paths" }),
      ...(staged.embedded.length > 0 && { embedded: staged.embedded.map(textOf) }),
    };
  },
});
