import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { diffTrees } from "../../repository/diff/tree-diff.js";
import { ignoreRules } from "../../repository/ignore/ignore-rules.js";
import type { IndexFile } from "../../repository/index-file/types.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import type { IndexDraft } from "../index-edit/index-draft.js";
import type { EntryStates } from "../worktree/entry-states.js";
import { listed } from "../worktree/listed.js";
import type { WorktreeWriter } from "../worktree/worktree-writer.js";
import { findObstacles, type PathKnowledge } from "./obstacles.js";
import { sparseRule } from "./sparse-checkout.js";
import { planTwoWay } from "./two-way-plan.js";
import type { WorktreePlan } from "./worktree-plan.js";

export interface GentleSwitch {
  readonly index: IndexFile;
  readonly from: ObjectId | undefined;
  readonly to: ObjectId;
  /** For messages: "checkout", "merge" … */
  readonly operation: string;
  readonly signal: AbortSignal | undefined;
}

/** Plans to go from one tree to another so that nothing is lost. @throws ToolError CONFLICT, naming the paths that speak against it */
export async function planGently(
  repo: Repository,
  draft: IndexDraft,
  writer: WorktreeWriter,
  states: EntryStates,
  { index, from, to, operation, signal }: GentleSwitch,
): Promise<WorktreePlan> {
  const unmerged = index.entries.filter(({ stage }) => stage > 0).map(({ path }) => path);
  if (unmerged.length > 0) {
    throw new ToolError("CONFLICT", `There are unresolved conflicts in ${listed([...new Set(unmerged)])}`, {
      hint: "Resolve them and add the files, or reset",
    });
  }
  const changes = diffTrees(repo, from, to, { recursive: true });
  const plan = await planTwoWay(changes, draft, states, sparseRule(repo), signal);
  refuseLoss(plan.changed, `Local changes to these files would be overwritten by ${operation}`, "Commit or stash them");

  const removed = new Set(plan.remove.map(({ path }) => path));
  const ignore = ignoreRules(repo);
  const knowledge: PathKnowledge = {
    isRemoved: (path) => removed.has(path),
    isIgnored: (path, isDirectory) => draft.under(path).length === 0 && ignore.ignored(path, isDirectory),
  };
  const { lost, clear } = findObstacles(plan.appearing, writer, knowledge);
  refuseLoss(lost, `Untracked files would be overwritten by ${operation}`, "Move or add them");
  const forgotten = findObstacles(plan.vanishing, writer, knowledge).lost;
  refuseLoss(forgotten, `Untracked files would be removed by ${operation}`, "Move or add them");
  return { ...plan, clear };
}

function refuseLoss(paths: readonly ByteString[], what: string, hint: string): void {
  if (paths.length > 0) throw new ToolError("CONFLICT", `${what}: ${listed(paths)}`, { hint });
}
