import { ToolError } from "@mcp-reference/validation";
import type { Repository } from "../../repository/repository.js";
import { GitDirFiles } from "./git-dir-files.js";

/** What waits for a person in this worktree. */
export type Operation = "merge" | "cherry-pick" | "revert" | "rebase" | "am" | "bisect";

/** The operation under way, as `git status` tells it; undefined for none. */
export function operationUnderWay(repo: Repository): Exclude<Operation, "bisect"> | undefined {
  const files = new GitDirFiles(repo.layout);
  if (files.has("rebase-merge")) return "rebase";
  if (files.has("rebase-apply")) return files.has("rebase-apply/applying") ? "am" : "rebase";
  if (files.has("MERGE_HEAD")) return "merge";
  if (files.has("CHERRY_PICK_HEAD")) return "cherry-pick";
  if (files.has("REVERT_HEAD")) return "revert";
  const [command] = (files.read("sequencer/todo") ?? "").split(" ");
  if (command === "pick" || command === "p") return "cherry-pick";
  return command === "revert" ? "revert" : undefined;
}

/** @throws ToolError CONFLICT while something else waits to be ended */
export function refuseWhileUnderWay(repo: Repository): void {
  const operation = operationUnderWay(repo);
  if (operation === undefined) return;
  throw new ToolError("CONFLICT", `A ${operation} is under way`, {
    hint: "Resolve its conflicts and continue it, or abort it, first",
  });
}

/** @throws ToolError INVALID_ARGUMENT unless this very operation is under way */
export function requireUnderWay(repo: Repository, operation: Operation): void {
  const found = operationUnderWay(repo);
  if (found === operation) return;
  throw new ToolError(
    "INVALID_ARGUMENT",
    `No ${operation} is under way`,
    found && { hint: `A ${found} is: end that one` },
  );
}
