import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { Repository } from "../../repository/repository.js";
import { mergeFile } from "./merge-file.js";
import type { PathState } from "./path-states.js";
import {
  kindOf,
  otherSide,
  REGULAR,
  type SideName,
  SUBMODULE,
  type TreeMergeOptions,
  type Version,
  type Versions,
} from "./types.js";

/** What becomes of a path: its content in the merged tree, and its stages where a person has to decide. */
export interface Settled {
  readonly path: ByteString;
  readonly result: Version | undefined;
  readonly stages: Versions | undefined;
}

export interface SettleContext {
  readonly repo: Repository;
  readonly options: TreeMergeOptions;
  readonly messages: ByteString[];
  /** A name like `path~branch` that is not taken. */
  freeName(path: ByteString, side: SideName): ByteString;
}

const NOTHING: Versions = { base: undefined, ours: undefined, theirs: undefined };

/** @param directoryInWay files remain below this very path, so that no file can stand there */
export function settlePath(
  context: SettleContext,
  path: ByteString,
  state: PathState,
  directoryInWay: boolean,
): readonly Settled[] {
  const { ours, theirs, base, hasPathConflict } = state;
  if (state.winner !== undefined) {
    const result = state[state.winner];
    if (!hasPathConflict && !(directoryInWay && result)) return [{ path, result, stages: undefined }];
  }
  if (ours === undefined && theirs === undefined) {
    const stages = hasPathConflict && !directoryInWay ? { ...NOTHING, base } : undefined;
    return [{ path, result: undefined, stages }];
  }
  if (directoryInWay) return moveAside(context, path, state);
  if (ours && theirs && kindOf(ours) !== kindOf(theirs)) return splitKinds(context, path, { base, ours, theirs });
  if (ours && theirs) return [mergeBoth(context, path, state, ours, theirs, false)];
  return [oneSide(context, path, state, false)];
}

function moveAside(context: SettleContext, path: ByteString, state: PathState): readonly Settled[] {
  const side = state.holders[0] ?? (state.ours ? "ours" : "theirs");
  const aside = context.freeName(path, side);
  const { ours, theirs } = state;
  context.messages.push(
    `CONFLICT (file/directory): directory in the way of ${path} from ${context.options.labels[side]}; moving it to ${aside} instead.`,
  );
  if (!ours || !theirs) return [oneSide(context, aside, state, true)];
  const settled = mergeBoth(context, aside, state, ours, theirs, true);
  return [settled.stages ? settled : { ...settled, stages: { ...NOTHING, [side]: settled.result } }];
}

/** A file here, a link or submodule there: regular files make way. */
function splitKinds(
  context: SettleContext,
  path: ByteString,
  { base, ours, theirs }: Versions & { ours: Version; theirs: Version },
): readonly Settled[] {
  if ((context.options.depth ?? 0) > 0) return [{ path, result: base, stages: { base, ours, theirs } }];
  const movesOurs = kindOf(ours) === REGULAR || kindOf(theirs) !== REGULAR;
  const movesTheirs = kindOf(ours) !== REGULAR;
  const count = movesOurs && movesTheirs ? "both" : "one";
  context.messages.push(
    `CONFLICT (distinct types): ${path} had different types on each side; renamed ${count} of them so each can be recorded somewhere.`,
  );
  const part = (side: SideName, version: Version, moves: boolean): Settled => ({
    path: moves ? context.freeName(path, side) : path,
    result: version,
    stages: { ...NOTHING, base: kindOf(version) === kindOf(base) ? base : undefined, [side]: version },
  });
  const parts = [part("ours", ours, movesOurs), part("theirs", theirs, movesTheirs)];
  return movesOurs && movesTheirs ? [...parts, { path, result: undefined, stages: undefined }] : parts;
}

function mergeBoth(
  context: SettleContext,
  path: ByteString,
  state: PathState,
  ours: Version,
  theirs: Version,
  isAside: boolean,
): Settled {
  const { repo, options, messages } = context;
  const { base, names, hasPathConflict } = state;
  const depth = options.depth ?? 0;
  const merged = mergeFile(repo, { path, base, ours, theirs, names, extraMarker: 2 * depth }, options);
  if (merged.remark) messages.push(merged.remark);
  if (!merged.clean) {
    const reason = kindOf(merged.version) === SUBMODULE ? "submodule" : base ? "content" : "add/add";
    messages.push(`CONFLICT (${reason}): Merge conflict in ${path}`);
  }
  const isSettled = merged.clean && !hasPathConflict;
  const stages = isSettled || (isAside && merged.clean) ? undefined : { base, ours, theirs };
  return { path, result: merged.version, stages };
}

/** Only one side has it: added there, or deleted on the other. */
function oneSide(context: SettleContext, path: ByteString, state: PathState, isAside: boolean): Settled {
  const { base, hasPathConflict } = state;
  const side: SideName = state.ours ? "ours" : "theirs";
  const version = state[side];
  const stages = { ...NOTHING, base, [side]: version };
  if (base === undefined) return { path, result: version, stages: hasPathConflict || isAside ? stages : undefined };
  if (!(hasPathConflict && base.oid === version?.oid)) {
    const { labels } = context.options;
    messagesOfDeletion(context, path, labels[otherSide(side)], labels[side]);
  }
  return { path, result: (context.options.depth ?? 0) > 0 ? base : version, stages };
}

function messagesOfDeletion(
  { messages }: SettleContext,
  path: ByteString,
  deletedIn: ByteString,
  modifiedIn: ByteString,
) {
  messages.push(
    `CONFLICT (modify/delete): ${path} deleted in ${deletedIn} and modified in ${modifiedIn}.  ` +
      `Version ${modifiedIn} of ${path} left in tree.`,
  );
}
