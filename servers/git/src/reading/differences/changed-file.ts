import { ToolError } from "@mcp-reference/validation";
import { textOf } from "../../repository/bytes/byte-string.js";
import { contentForDiff } from "../../repository/diff/patch.js";
import type { FileChange, FileVersion } from "../../repository/diff/types.js";
import { isSubmodule } from "../../repository/file-mode.js";
import type { Repository } from "../../repository/repository.js";
import { hashFile } from "../../repository/worktree/hash-file.js";

/** Bytes of a file whose lines are compared. */
const LARGEST_COMPARED = 32 * 1024 ** 2;

/** Both contents of a changed file, empty where a side has none. */
export interface Contents {
  readonly before: Buffer;
  readonly after: Buffer;
}

/**
 * @returns undefined where a side is too large to be compared
 * @throws ToolError CONFLICT when a file of the worktree went away meanwhile
 */
export function contentsOf(repo: Repository, { before, after }: FileChange): Contents | undefined {
  if ([before, after].some((side) => side && sizeOf(repo, side) > LARGEST_COMPARED)) return undefined;
  const read = (version: FileVersion) => contentOf(repo, version);
  return { before: contentForDiff(before, read), after: contentForDiff(after, read) };
}

/** What a version of a file holds, as git stores it. */
function contentOf(repo: Repository, { oid, path }: FileVersion): Buffer {
  if (oid !== undefined) return repo.objects.blob(oid);
  const file = hashFile(repo, path);
  if (file) return file.content;
  throw new ToolError("CONFLICT", `${textOf(path)} went away while it was compared`, { hint: "Ask again" });
}

const sizeOf = (repo: Repository, { mode, oid }: FileVersion): number =>
  oid === undefined || isSubmodule(mode) ? 0 : repo.objects.header(oid).size;
