import { detectRenamesInTurns } from "../diff/renames.js";
import { diffTrees } from "../diff/tree-diff.js";
import { isSameType } from "../file-mode.js";
import type { CommitNode } from "../history/commit-nodes.js";
import { TreePaths, treePath } from "../history/tree-paths.js";
import type { Repository } from "../repository.js";
import type { Suspect } from "./suspect.js";

/** The same path in a parent; undefined where it is absent there or something of another type. */
export function sameFileIn(repo: Repository, parent: CommitNode, suspect: Suspect): Suspect | undefined {
  const entry = TreePaths.of(repo.objects).entry(parent.tree, treePath(suspect.path));
  if (!entry || !isSameType(entry.mode, suspect.mode)) return undefined;
  return { path: suspect.path, mode: entry.mode, blob: entry.oid, segments: [], previous: undefined };
}

/** The file of a parent that was renamed to the suspect. */
export async function renamedFileIn(
  repo: Repository,
  { commit, parent, suspect }: { commit: CommitNode; parent: CommitNode; suspect: Suspect },
  signal: AbortSignal | undefined,
): Promise<Suspect | undefined> {
  const { objects } = repo;
  const changes = diffTrees(repo, parent.tree, commit.tree);
  if (!changes.some(({ status, after }) => status === "A" && after?.path === suspect.path)) return undefined;
  const found = await detectRenamesInTurns(changes, ({ oid }) => objects.blob(oid ?? ""), {
    sizeOf: ({ oid }) => objects.header(oid ?? "").size,
    only: suspect.path,
    signal,
  });
  const origin = found.find(({ status, after }) => status === "R" && after?.path === suspect.path)?.before;
  if (!origin?.oid) return undefined;
  return { path: origin.path, mode: origin.mode, blob: origin.oid, segments: [], previous: undefined };
}
