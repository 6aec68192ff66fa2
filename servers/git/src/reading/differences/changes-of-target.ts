import { ToolError } from "@mcp-reference/validation";
import type { FileChange } from "../../repository/diff/types.js";
import { mergeBases } from "../../repository/history/merge-base.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { resolveObject } from "../../repository/revision/resolve.js";
import { type ChangeFilter, changesBetween } from "./changes-between.js";
import { changesSince } from "./changes-since.js";

/**
 * What `git diff TARGET` compares: `A..B` two trees, `A...B` the second with where they parted, `A` the worktree with a tree.
 * A side left out is HEAD.
 * @throws ToolError NOT_FOUND, AMBIGUOUS, INVALID_ARGUMENT
 */
export async function changesOfTarget(
  repo: Repository,
  target: string,
  filter: ChangeFilter,
): Promise<readonly FileChange[]> {
  const [before = "", after] = treesOfTarget(repo, target).split("..");
  return after === undefined ? changesSince(repo, before, filter) : changesBetween(repo, before, after, filter);
}

/** A target as ids of trees, `A..B` or `A`: it means the same when branches have moved. @throws ToolError as above */
export function treesOfTarget(repo: Repository, target: string): string {
  const [, left, dots, right] = /^(.*?)(\.\.\.?)(.*)$/s.exec(target) ?? [];
  if (dots === undefined) return treeOf(repo, target);
  const [from, to] = [left || "HEAD", right || "HEAD"];
  if (dots === "..") return `${treeOf(repo, from)}..${treeOf(repo, to)}`;
  const [base] = mergeBases(repo, commitOf(repo, from), commitOf(repo, to));
  if (base === undefined) {
    throw new ToolError("NOT_FOUND", `${from} and ${to} have no common ancestor`, {
      hint: "Compare them with two dots",
    });
  }
  return `${treeOf(repo, base)}..${treeOf(repo, to)}`;
}

const treeOf = (repo: Repository, revision: string): ObjectId => resolveObject(repo, `${revision}^{tree}`).oid;
const commitOf = (repo: Repository, revision: string): ObjectId => resolveObject(repo, `${revision}^{commit}`).oid;
