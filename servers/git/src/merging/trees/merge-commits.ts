import { mergeBases } from "../../repository/history/merge-base.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { abbreviate } from "../../repository/revision/abbreviate.js";
import { mergeTrees } from "./merge-trees.js";
import type { TreeMerge, TreeMergeOptions } from "./types.js";

/** Merge bases that are merged with each other; more are left aside, as they would change little and cost much. */
const MOST_BASES = 8;
const DEEPEST = 10;

/** A commit, or the merge of several that was made up to serve as a base. */
interface Ancestor {
  readonly tree: ObjectId;
  readonly commits: readonly ObjectId[];
}

/** Merges two commits as `git merge` does: histories that crossed are merged over a base that is itself a merge of their bases. */
export async function mergeCommits(
  repo: Repository,
  ours: ObjectId,
  theirs: ObjectId,
  options: Omit<TreeMergeOptions, "labels"> & { readonly labels: { readonly ours: string; readonly theirs: string } },
): Promise<TreeMerge> {
  return mergeAncestors(repo, ancestor(repo, ours), ancestor(repo, theirs), options, 0);
}

const ancestor = (repo: Repository, oid: ObjectId): Ancestor => ({
  tree: repo.objects.commit(oid).tree,
  commits: [oid],
});

async function mergeAncestors(
  repo: Repository,
  ours: Ancestor,
  theirs: Ancestor,
  options: Parameters<typeof mergeCommits>[3],
  depth: number,
): Promise<TreeMerge> {
  // Oldest first, as git takes them.
  const bases = basesOf(repo, ours, theirs).slice(0, MOST_BASES).reverse();
  const [first, ...others] = bases;
  let base = first === undefined ? undefined : ancestor(repo, first);
  for (const oid of depth < DEEPEST ? others : []) {
    if (base === undefined) break;
    const next = ancestor(repo, oid);
    const labels = { ours: "Temporary merge branch 1", theirs: "Temporary merge branch 2" };
    const merged = await mergeAncestors(repo, base, next, { ...options, labels }, depth + 1);
    base = { tree: merged.tree, commits: [...base.commits, ...next.commits] };
  }
  const name =
    bases.length > 1 ? "merged common ancestors" : first === undefined ? "empty tree" : abbreviate(repo, first);
  const trees = { base: base?.tree, ours: ours.tree, theirs: theirs.tree };
  return mergeTrees(repo, trees, { ...options, labels: { ...options.labels, base: name }, depth });
}

/** Best common ancestors; of a made-up merge, those of what it merged. */
function basesOf(repo: Repository, ours: Ancestor, theirs: Ancestor): ObjectId[] {
  const found = ours.commits.flatMap((mine) => theirs.commits.flatMap((other) => mergeBases(repo, mine, other)));
  const unique = [...new Set(found)];
  if (ours.commits.length + theirs.commits.length === 2) return unique;
  return unique.filter((oid) => !unique.some((other) => other !== oid && mergeBases(repo, oid, other).includes(oid)));
}
