import { reads } from "@mcp-reference/runtime";
import { ToolError } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { path, repoPath } from "../fields.js";
import { conflictAt, listConflicts } from "../merging/conflicts/list-conflicts.js";
import { operationUnderWay } from "../merging/state/operation.js";
import { repositoryPath } from "../reading/repository-path.js";
import { textOf } from "../repository/bytes/byte-string.js";
import { isSubmodule } from "../repository/file-mode.js";
import type { Repository } from "../repository/repository.js";
import type { ConflictSide } from "../repository/worktree/status-types.js";

const MOST_LISTED = 500;

export const gitListConflicts = tool({
  name: "git_list_conflicts",
  description: "List unresolved conflicts, or show the base, our and their version of one file.",
  effect: reads(),
  set: "read",
  input: z.strictObject({ repo_path: repoPath, path: path.optional().describe("Show the versions of this file") }),
  output: z.object({
    operation: z.string().optional().describe("What is under way"),
    conflicts: z
      .array(
        z.object({
          path: z.string().describe("Relative to the repository"),
          kind: z.string().describe("What each side did"),
          base: z.number().int().optional().describe("Bytes"),
          ours: z.number().int().optional().describe("Bytes"),
          theirs: z.number().int().optional().describe("Bytes"),
          regions: z.number().int().optional().describe("Still marked in the file"),
        }),
      )
      .optional()
      .describe("Without path"),
    total: z.number().int().optional().describe("Conflicts, also those not listed"),
    base: z.string().optional().describe("Content in the common ancestor"),
    ours: z.string().optional().describe("Content in HEAD"),
    theirs: z.string().optional().describe("Content in what is merged"),
  }),
  handle({ repo_path, path }, { repositories, maxOutput }) {
    const repo = repositories.open(repo_path);
    const operation = operationUnderWay(repo);
    const state = operation === undefined ? {} : { operation };
    if (path !== undefined) return { ...state, ...versions(repo, path, maxOutput) };
    const all = listConflicts(repo);
    const conflicts = all.slice(0, MOST_LISTED).map(({ path: found, kind, sizes, regions }) => ({
      path: textOf(found),
      kind,
      ...sizes,
      ...(regions !== undefined && { regions }),
    }));
    return { ...state, conflicts, total: all.length };
  },
});

function versions(repo: Repository, path: string, maxOutput: number) {
  const conflict = conflictAt(repo, repositoryPath(path));
  if (conflict === undefined)
    throw new ToolError("NOT_FOUND", `${path} is not in conflict`, { hint: "List the conflicts" });
  // Each version is shown twice: as text and as data.
  const most = Math.floor(maxOutput / 4);
  const shown = (name: "base" | "ours" | "theirs", side: ConflictSide | undefined) =>
    side === undefined ? {} : { [name]: contentOf(repo, side, most) };
  return { ...shown("base", conflict.base), ...shown("ours", conflict.ours), ...shown("theirs", conflict.theirs) };
}

function contentOf(repo: Repository, { mode, oid }: ConflictSide, most: number): string {
  if (isSubmodule(mode)) return `Submodule at ${oid}`;
  const { size } = repo.objects.header(oid);
  if (size > most)
    throw new ToolError("TOO_LARGE", `A version has ${size} bytes, ${most} can be shown`, {
      hint: `Read ${oid} in parts`,
    });
  const content = repo.objects.blob(oid);
  return content.includes(0) ? `Binary, ${size} bytes` : content.toString("utf8");
}
