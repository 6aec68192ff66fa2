import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import type { Repository } from "../../repository/repository.js";
import { shortName } from "./branch-name.js";

const MOST_BYTES = 4096;

/** Linked worktrees that are looked at. */
const MOST_WORKTREES = 1000;

/**
 * Refuses to touch a branch that another worktree of the repository has checked out: it would silently be behind.
 * @throws ToolError CONFLICT
 */
export function refuseCheckedOutElsewhere(repo: Repository, ref: ByteString): void {
  const holder = worktreeHolding(repo, ref);
  if (holder === undefined) return;
  throw new ToolError("CONFLICT", `Branch ${shortName(ref)} is checked out in ${textOf(holder)}`, {
    hint: "Use that worktree, or another branch",
  });
}

function worktreeHolding({ layout }: Repository, ref: ByteString): ByteString | undefined {
  const { commonDir, gitDir } = layout;
  const points = (head: ByteString) => commonDir.read(head, MOST_BYTES)?.toString("latin1").trim() === `ref: ${ref}`;
  if (gitDir.root !== commonDir.root && points("HEAD")) return "the main worktree";
  for (const name of linkedWorktrees(commonDir)) {
    const directory = `worktrees/${name}`;
    if (commonDir.path(directory) === gitDir.root || !points(`${directory}/HEAD`)) continue;
    const gitFile = commonDir.read(`${directory}/gitdir`, MOST_BYTES)?.toString("latin1").trim();
    return gitFile?.replace(/\/\.git$/, "") ?? name;
  }
  return undefined;
}

function linkedWorktrees(commonDir: Repository["layout"]["commonDir"]): ByteString[] {
  try {
    const directory = commonDir.directory("worktrees");
    try {
      return directory
        .entries()
        .slice(0, MOST_WORKTREES)
        .map(({ name }) => name.toString("latin1"));
    } finally {
      directory.close();
    }
  } catch (error) {
    if (error instanceof ToolError) return [];
    throw error;
  }
}
