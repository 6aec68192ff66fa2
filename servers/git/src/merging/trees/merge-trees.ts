import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import { Pace } from "../../repository/pace.js";
import type { Repository } from "../../repository/repository.js";
import { bringInRenames } from "./bring-in-renames.js";
import { editTree } from "./edit-tree.js";
import { type PathStates, pathStates } from "./path-states.js";
import { type SettleContext, type Settled, settlePath } from "./settle-path.js";
import { changesOf, renamesOf } from "./side-changes.js";
import type { PathConflict, SideName, TreeMerge, TreeMergeOptions, Version } from "./types.js";

const TREE = 0o40000;

/** Trees to merge; the base is missing for histories with nothing in common. */
export interface TreesToMerge {
  readonly base: ObjectId | undefined;
  readonly ours: ObjectId;
  readonly theirs: ObjectId;
}

/**
 * Three-way merge of trees with renames, as `git merge-tree --write-tree`: writes objects and nothing else.
 * It costs as much as the paths that changed; what neither side touched is never read.
 */
export async function mergeTrees(repo: Repository, trees: TreesToMerge, options: TreeMergeOptions): Promise<TreeMerge> {
  const { base, ours, theirs } = trees;
  if (ours === theirs || theirs === base) return { tree: ours, conflicts: [], messages: [] };
  if (ours === base) return { tree: theirs, conflicts: [], messages: [] };
  const messages: ByteString[] = [];
  const [mine, other] = [changesOf(repo, base, ours), changesOf(repo, base, theirs)];
  const states = pathStates(mine, other);
  const renames = {
    ours: await renamesOf(repo, mine, other, options.signal),
    theirs: await renamesOf(repo, other, mine, options.signal),
  };
  bringInRenames(repo, states, renames, options, messages);
  const settled = await settleAll(
    { repo, options, messages, freeName: freeNames(repo, states, trees, options) },
    states,
  );
  const changes = new Map<ByteString, Version | undefined>();
  for (const path of states.keys()) changes.set(path, undefined);
  for (const { path, result } of settled) changes.set(path, result);
  const conflicts = settled.flatMap(({ path, stages }): PathConflict[] => (stages ? [{ path, ...stages }] : []));
  conflicts.sort((one, another) => (one.path < another.path ? -1 : 1));
  return { tree: editTree(repo.objects, ours, changes), conflicts, messages };
}

/** Last paths first: what stays in a folder is known before the file that wants the folder's place. */
async function settleAll(context: SettleContext, states: PathStates): Promise<Settled[]> {
  const pace = new Pace(context.options.signal);
  const settled: Settled[] = [];
  const folders = new Set<ByteString>();
  for (const path of [...states.keys()].sort().reverse()) {
    if (pace.due()) await pace.pause();
    const state = states.get(path);
    if (!state || state.isMovedAway) continue;
    const outcome = settlePath(context, path, state, folders.has(path));
    settled.push(...outcome);
    for (const { path: kept, result } of outcome) if (result) addFolders(folders, kept);
  }
  return settled.reverse();
}

function addFolders(folders: Set<ByteString>, path: ByteString): void {
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    const folder = path.slice(0, end);
    if (folders.has(folder)) return;
    folders.add(folder);
  }
}

/** Names for files that lose their place, as git gives them: `path~branch`, then `path~branch_0` … */
function freeNames(
  repo: Repository,
  states: PathStates,
  { ours, theirs }: TreesToMerge,
  { labels }: TreeMergeOptions,
): SettleContext["freeName"] {
  const taken = new Set<ByteString>();
  const isTaken = (name: ByteString): boolean =>
    states.has(name) || taken.has(name) || hasPath(repo, ours, name) || hasPath(repo, theirs, name);
  return (path: ByteString, side: SideName): ByteString => {
    const wanted = `${path}~${labels[side].replaceAll("/", "_")}`;
    let name = wanted;
    for (let n = 0; isTaken(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    return name;
  };
}

function hasPath({ objects }: Repository, tree: ObjectId, path: ByteString): boolean {
  let at: { readonly mode: number; readonly oid: ObjectId } | undefined = { mode: TREE, oid: tree };
  for (const name of path.split("/")) {
    if (at?.mode !== TREE) return false;
    at = objects.tree(at.oid).find((entry) => entry.name === name);
  }
  return at !== undefined;
}
