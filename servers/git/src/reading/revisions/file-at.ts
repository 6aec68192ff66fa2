import { ToolError } from "@mcp-reference/validation";
import { textOf } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { resolveObject } from "../../repository/revision/resolve.js";
import { repositoryPath } from "../repository-path.js";

/**
 * The blob that a path is at a revision, and its size in bytes.
 * @throws ToolError NOT_FOUND, INVALID_ARGUMENT for a directory or a submodule
 */
export function fileAt(repo: Repository, revision: string, path: string): { oid: ObjectId; size: number } {
  const name = textOf(repositoryPath(path));
  const { oid, type } = resolveObject(repo, `${revision}:${name}`);
  if (type !== "blob") {
    throw new ToolError("INVALID_ARGUMENT", `${path} is no file at ${revision}, but a ${type}`, {
      hint: type === "tree" ? "List it with git_list_files" : undefined,
    });
  }
  return { oid, size: repo.objects.header(oid).size };
}
