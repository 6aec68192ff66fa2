import { ToolError } from "@mcp-reference/validation";
import type { Commit } from "../repository/objects/types.js";
import type { Head } from "../repository/refs/types.js";
import type { Repository } from "../repository/repository.js";

/** What is checked out, with its commit. @throws ToolError INVALID_ARGUMENT on a branch without commits */
export function headCommit(repo: Repository): { readonly head: Head; readonly commit: Commit } {
  const head = repo.refs.head();
  if (head.oid !== undefined) return { head, commit: repo.objects.commit(head.oid) };
  throw new ToolError("INVALID_ARGUMENT", "The current branch has no commit yet");
}
