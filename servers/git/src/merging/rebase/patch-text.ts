import { createHash } from "node:crypto";
import { contentForDiff, renderPatch } from "../../repository/diff/patch.js";
import { diffTrees } from "../../repository/diff/tree-diff.js";
import type { FileChange, FileVersion } from "../../repository/diff/types.js";
import type { Commit } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";

/** What a commit changed against its first parent; renames show as deletion and addition. */
function changesOfCommit(repo: Repository, { tree, parents }: Commit): FileChange[] {
  const [parent] = parents;
  return diffTrees(repo, parent === undefined ? undefined : repo.objects.commit(parent).tree, tree);
}

/** The same as a patch. */
export function patchOfCommit(repo: Repository, commit: Commit): Buffer {
  const read = ({ oid }: FileVersion): Buffer => repo.objects.read(oid ?? "").body;
  const abbreviate = (oid: string): string => oid.slice(0, 7);
  const parts = changesOfCommit(repo, commit).map((change) =>
    renderPatch(change, contentForDiff(change.before, read), contentForDiff(change.after, read), { abbreviate }),
  );
  return Buffer.concat(parts);
}

/** Equal for commits that change the same paths, and so may be the same patch: cheap to tell. */
export const changedPathsKey = (repo: Repository, commit: Commit): string =>
  changesOfCommit(repo, commit)
    .map(({ status, before, after }) => `${status}${(after ?? before)?.path}`)
    .join("\0");

/** Equal for commits that make the same change, wherever in the files and whatever the spaces: git's patch id in all but form. */
export function patchId(repo: Repository, commit: Commit): string {
  const text = patchOfCommit(repo, commit)
    .toString("latin1")
    .split("\n")
    .map((line) => (line.startsWith("@@ ") ? "@@" : line))
    .filter((line, n, lines) => !line.startsWith("index ") || isBinaryNext(lines, n))
    .join("\n")
    .replace(/[ \t\r\f\v]+/g, "");
  return createHash("sha1").update(text, "latin1").digest("hex");
}

/** Of binary files only the ids tell what changed. */
const isBinaryNext = (lines: readonly string[], n: number): boolean =>
  lines[n + 1]?.startsWith("Binary files") ?? false;
