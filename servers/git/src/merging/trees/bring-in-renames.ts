import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { Repository } from "../../repository/repository.js";
import { mergeFile } from "./merge-file.js";
import type { PathState, PathStates } from "./path-states.js";
import type { Rename } from "./side-changes.js";
import {
  kindOf,
  otherSide,
  REGULAR,
  type SideName,
  sameVersion,
  type TreeMergeOptions,
  type Version,
} from "./types.js";

interface SideRename extends Rename {
  readonly side: SideName;
}

/**
 * Moves versions to the paths that renames give them, so that each path then holds what has to be merged there.
 * Directories are not taken as renamed: a file added to a folder that the other side moved stays where it was added.
 */
export function bringInRenames(
  repo: Repository,
  states: PathStates,
  renames: Readonly<Record<SideName, readonly Rename[]>>,
  options: TreeMergeOptions,
  messages: ByteString[],
): void {
  const sorted = (["ours", "theirs"] as const)
    .flatMap((side) => renames[side].map((rename): SideRename => ({ ...rename, side })))
    .sort((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0));
  const context: Context = { repo, states, options, messages };
  for (let n = 0; n < sorted.length; n++) {
    const [first, second] = [sorted[n], sorted[n + 1]];
    if (first === undefined) break;
    if (second?.from === first.from) {
      n++;
      if (first.to === second.to) renamedAlike(context, first);
      else renamedApart(context, first, second);
    } else renamedOnce(context, first);
  }
}

interface Context {
  readonly repo: Repository;
  readonly states: PathStates;
  readonly options: TreeMergeOptions;
  readonly messages: ByteString[];
}

/** Both sides gave it the same new name. */
function renamedAlike({ states }: Context, { from, to }: SideRename): void {
  const [old, target] = [states.get(from), states.get(to)];
  if (!old || !target) return;
  // Git's conflict markers don't tell of a rename that both sides agree about.
  target.base = old.base;
  old.isMovedAway = true;
}

/** Each side gave it another name: both names get the merged content, and the path is left to the user. */
function renamedApart(context: Context, first: SideRename, second: SideRename): void {
  const { states, options, messages } = context;
  const [mine, other] = first.side === "ours" ? [first, second] : [second, first];
  const [old, ours, theirs] = [states.get(mine.from), states.get(mine.to), states.get(other.to)];
  if (!old || !ours?.ours || !theirs?.theirs) return;
  const names = { base: mine.from, ours: mine.to, theirs: other.to };
  const [kept, came] = [ours.ours, theirs.theirs];
  const { version = kept, clean } = merge(context, old, { ours: kept, theirs: came }, names);
  ours.ours = version;
  theirs.theirs = !clean && sameVersion(version, kept) ? { mode: version.mode, oid: came.oid } : version;
  for (const state of [old, ours, theirs]) state.hasPathConflict = true;
  messages.push(
    `CONFLICT (rename/rename): ${mine.from} renamed to ${mine.to} in ${options.labels.ours} and to ${other.to} in ${options.labels.theirs}.`,
  );
}

function renamedOnce(context: Context, rename: SideRename): void {
  const { states } = context;
  const { side, from, to } = rename;
  const [old, target] = [states.get(from), states.get(to)];
  const moved = target?.[side];
  if (!old || !target || !moved || old.isMovedAway) return;
  const other = otherSide(side);
  const isDeleted = old.ours === undefined && old.theirs === undefined;
  const hasOtherKind = !isDeleted && (kindOf(old[other]) === REGULAR) !== (kindOf(moved) === REGULAR);
  const collides = target[other] !== undefined && !hasOtherKind;
  if (collides && isDeleted) deletedThere(context, rename, target);
  else if (collides) collide(context, rename, old, target, moved);
  else {
    target.base = old.base;
    target.names.base = from;
    if (hasOtherKind) old.base = undefined;
    else if (isDeleted) deletedThere(context, rename, target);
    else {
      target[other] = old[other];
      target.names[other] = from;
    }
  }
  if (!hasOtherKind) old.isMovedAway = true;
}

/** The other side deleted what this one renamed. */
function deletedThere({ options, messages }: Context, { side, from, to }: SideRename, target: PathState): void {
  const { labels } = options;
  target.hasPathConflict = true;
  messages.push(
    `CONFLICT (rename/delete): ${from} renamed to ${to} in ${labels[side]}, but deleted in ${labels[otherSide(side)]}.`,
  );
}

/** The new name is taken on the other side: the renamed file is merged with its old self, then meets the one in its place. */
function collide(context: Context, rename: SideRename, old: PathState, target: PathState, moved: Version): void {
  const { side, from, to } = rename;
  const rest = old[otherSide(side)];
  if (!rest) return;
  const versions = side === "ours" ? { ours: moved, theirs: rest } : { ours: rest, theirs: moved };
  const names = side === "ours" ? { base: from, ours: to, theirs: from } : { base: from, ours: from, theirs: to };
  const { version = moved, clean } = merge(context, old, versions, names);
  target[side] = version;
  if (!clean) {
    context.messages.push(
      `CONFLICT (rename involved in collision): rename of ${from} -> ${to} has content conflicts AND collides with another path; ` +
        "this may result in nested conflict markers.",
    );
  }
}

function merge(
  { repo, options }: Context,
  old: PathState,
  versions: { readonly ours: Version; readonly theirs: Version },
  names: PathState["names"],
) {
  const file = { path: names.base, base: old.base, ...versions, names, extraMarker: 1 + 2 * (options.depth ?? 0) };
  return mergeFile(repo, file, options);
}
