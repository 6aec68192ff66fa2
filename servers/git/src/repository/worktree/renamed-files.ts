import { ToolError } from "@mcp-reference/validation";
import { detectRenamesInTurns } from "../diff/renames.js";
import type { FileChange, FileVersion } from "../diff/types.js";
import { SUBMODULE } from "../file-mode.js";
import type { Repository } from "../repository.js";
import { hashFile } from "./hash-file.js";

const NOTHING = Buffer.alloc(0);

/** Pairs what was deleted with what was added, as the settings that git reads for status and diff say. */
export async function withRenames(
  repo: Repository,
  changes: readonly FileChange[],
  { signal, command }: { signal?: AbortSignal | undefined; command: "status" | "diff" },
): Promise<readonly FileChange[]> {
  const setting = (name: string) => repo.config.get(`${command}.${name}`) ?? repo.config.get(`diff.${name}`);
  const copies = ["copies", "copy"].includes(setting("renames")?.toLowerCase() ?? "");
  const isOff = !copies && (repo.config.flag(`${command}.renames`) ?? repo.config.flag("diff.renames")) === false;
  const canPair =
    changes.some(({ status }) => status === "A") && (copies || changes.some(({ status }) => status === "D"));
  if (isOff || !canPair) return changes;
  const limit = repo.config.number(`${command}.renamelimit`) ?? repo.config.number("diff.renamelimit");
  return detectRenamesInTurns(changes, (version) => contentOf(repo, version), { limit, copies, signal });
}

/** Of an object, or of the worktree where it was not hashed; submodules have none. */
function contentOf(repo: Repository, version: FileVersion): Buffer {
  if (version.mode === SUBMODULE) return NOTHING;
  try {
    return version.oid === undefined
      ? (hashFile(repo, version.path)?.content ?? NOTHING)
      : repo.objects.blob(version.oid);
  } catch (error) {
    // What cannot be read resembles nothing.
    if (error instanceof ToolError) return NOTHING;
    throw error;
  }
}
