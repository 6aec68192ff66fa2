import { confirm, writes } from "@mcp-reference/runtime";
import * as z from "zod";
import { shortName } from "../changes/branches/branch-name.js";
import { checkout } from "../changes/checkout/checkout.js";
import { tool } from "../define.js";
import { repoPath, revision } from "../fields.js";
import { textOf } from "../repository/bytes/byte-string.js";

export const gitCheckout = tool({
  name: "git_checkout",
  description: "Switch to a branch or commit; local changes stay. For files: git_restore.",
  effect: writes({ destructive: true }),
  set: "write",
  input: z.strictObject({
    repo_path: repoPath,
    branch_name: revision.describe("Branch, also of a remote, or commit; - is the one before"),
    create: z.boolean().default(false).describe("Make the branch"),
    start_point: revision.optional().describe("Where it is made; default HEAD"),
    detach: z.boolean().default(false).describe("Detach HEAD"),
    force: z.boolean().default(false).describe("Give up local changes"),
  }),
  output: z.object({
    branch: z.string().optional().describe("Absent where HEAD is detached"),
    commit: z.string().optional().describe("Absent before the first"),
    created: z.boolean().describe("Whether the branch is new"),
    upstream: z.string().optional().describe("Branch that a new one follows"),
    written: z.number().int().describe("Files written"),
    removed: z.number().int().describe("Files removed"),
    undo: z.string().optional().describe("How to get back to before"),
    note: z.string().optional().describe("What git would have done besides"),
  }),
  ask({ branch_name, force }) {
    return force ? confirm(`Check out ${branch_name}, giving up all staged and unstaged changes?`) : undefined;
  },
  async handle({ repo_path, branch_name, create, start_point, detach, force }, { repositories, signal }) {
    const repo = repositories.open(repo_path);
    const request = { name: branch_name, create, startPoint: start_point, detach, force };
    const done = await checkout(repo, request, signal);
    const changes = done.undoRef && `git_restore paths ["."] source ${textOf(done.undoRef)} for the changes`;
    const undo = ["git_checkout branch_name -", changes].filter(Boolean).join("; ");
    return {
      ...(done.branch && { branch: shortName(done.branch) }),
      ...(done.oid && { commit: done.oid }),
      created: done.created,
      ...(done.upstream && { upstream: shortName(done.upstream) }),
      written: done.written,
      removed: done.removed,
      ...(done.oid && { undo }),
      ...(done.note && { note: done.note }),
    };
  },
});
