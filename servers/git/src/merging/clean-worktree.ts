import { ToolError } from "@mcp-reference/validation";
import { EntryStates } from "../changes/worktree/entry-states.js";
import { listed } from "../changes/worktree/listed.js";
import { WorktreeWriter } from "../changes/worktree/worktree-writer.js";
import type { ByteString } from "../repository/bytes/byte-string.js";
import type { IndexFile } from "../repository/index-file/types.js";
import { Pace } from "../repository/pace.js";
import type { Repository } from "../repository/repository.js";
import { SUBMODULE } from "./trees/types.js";

/** @throws ToolError CONFLICT, naming paths, where tracked files differ from the index; untracked ones are fine */
export async function requireCleanWorktree(
  repo: Repository,
  index: IndexFile,
  operation: string,
  signal?: AbortSignal,
): Promise<void> {
  const writer = new WorktreeWriter(repo);
  const states = new EntryStates(repo, index, writer);
  const pace = new Pace(signal);
  const changed: ByteString[] = [];
  try {
    for (const entry of index.entries) {
      if (pace.due()) await pace.pause();
      if (entry.skipWorktree || entry.assumeValid || entry.mode === SUBMODULE) continue;
      if (states.of(entry) !== "same") changed.push(entry.path);
    }
  } finally {
    writer.close();
  }
  if (changed.length === 0) return;
  throw new ToolError("CONFLICT", `There are unstaged changes, which a ${operation} could mix up: ${listed(changed)}`, {
    hint: "Stage them, stash them or restore the files first",
  });
}
