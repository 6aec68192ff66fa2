import type { ByteString } from "../bytes/byte-string.js";
import { Pace } from "../pace.js";
import {
  baseName,
  type ContentOf,
  type RenameSource,
  type RenameTarget,
  SimilarityScores,
} from "./rename-candidates.js";
import { pairByName, pairEqual, pairSimilar } from "./rename-passes.js";
import { SAME } from "./similarity.js";
import type { FileChange, FileVersion } from "./types.js";

export type { ContentOf } from "./rename-candidates.js";

export interface RenameOptions {
  /** Percent of the larger file that must be the same; 50 unless given. 100 finds only equal files. */
  readonly threshold?: number | undefined;
  /** Only equal and equally named files are paired where more than limit × limit comparisons would be left; 1000 unless given. */
  readonly limit?: number | undefined;
  /** Take changed files as sources too, and each source any number of times (`-C`). */
  readonly copies?: boolean | undefined;
  /** Unchanged files, as sources too (`--find-copies-harder`); implies `copies`. */
  readonly unchanged?: readonly FileVersion[] | undefined;
  /** Size of a version in bytes, if that is cheaper to tell than by reading it: spares reading files of very different sizes. */
  readonly sizeOf?: ((version: FileVersion) => number) | undefined;
  /** Look only for where this added file came from, as following one file through history does. */
  readonly only?: ByteString | undefined;
}

const USUAL_LIMIT = 1000;

/**
 * Finds renames among changes in git's order, as `git diff -M` of git 2.31–2.43 does: equal content, then equal names, then the
 * most similar content. A rename takes the place of the addition; the deletion goes.
 * @param contentOf reads a version; of several changes each version is read at most twice. It is asked of blobs, and of submodules never
 */
export function detectRenames(
  changes: readonly FileChange[],
  contentOf: ContentOf,
  options: RenameOptions = {},
): FileChange[] {
  const detection = detect(changes, contentOf, options);
  for (;;) {
    const { done, value } = detection.next();
    if (done) return value;
  }
}

/** As {@link detectRenames}, in turns with other work: for changes of unknown number. @throws the signal's reason */
export async function detectRenamesInTurns(
  changes: readonly FileChange[],
  contentOf: ContentOf,
  options: RenameOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<FileChange[]> {
  const detection = detect(changes, contentOf, options);
  const pace = new Pace(options.signal);
  for (;;) {
    const { done, value } = detection.next();
    if (done) return value;
    if (pace.due()) await pace.pause();
  }
}

/** Yields between comparisons. */
function* detect(
  changes: readonly FileChange[],
  contentOf: ContentOf,
  { threshold = 50, limit = USUAL_LIMIT, copies: copiesWanted = false, unchanged, only, sizeOf }: RenameOptions,
): Generator<void, FileChange[]> {
  const copies = copiesWanted || unchanged !== undefined;
  const targets = targetsOf(changes, only);
  const sources = sourcesOf(changes, copies, unchanged ?? []);
  if (targets.length === 0 || sources.length === 0) return [...changes];
  const leastScore = Math.floor((threshold * SAME) / 100);
  const scores = new SimilarityScores(contentOf, sizeOf, leastScore);
  yield* pairEqual(sources, targets, scores, copies);
  if (leastScore < SAME) {
    if (!copies) yield* pairByName(sources, targets, scores, leastScore + Math.floor((SAME - leastScore) / 2));
    const left = targets.filter(({ source }) => !source);
    const leftSources = copies ? sources : sources.filter(({ uses }) => uses === 0);
    if (left.length * leftSources.length <= limit * limit)
      yield* pairSimilar(leftSources, left, scores, { leastScore, copies });
  }
  return withRenames(changes, sources, targets);
}

function targetsOf(changes: readonly FileChange[], only: ByteString | undefined): RenameTarget[] {
  return changes.flatMap((change) => {
    const { before, after: file } = change;
    const wanted = file && !before && change.status !== "U" && (only === undefined || file.path === only);
    return wanted ? [{ change, file, name: baseName(file.path), source: undefined, score: 0 }] : [];
  });
}

/** Deleted files; for copies also the changed and unchanged ones, which count as used from the start: they are still there. */
function sourcesOf(changes: readonly FileChange[], copies: boolean, unchanged: readonly FileVersion[]): RenameSource[] {
  const sources = changes.flatMap(({ status, before, after }): RenameSource[] => {
    if (!before || status === "U" || (after && !copies)) return [];
    return [{ file: before, name: baseName(before.path), uses: after ? 1 : 0 }];
  });
  if (unchanged.length === 0) return sources;
  return [...sources, ...unchanged.map((file) => ({ file, name: baseName(file.path), uses: 1 }))].sort((one, other) =>
    one.file.path < other.file.path ? -1 : 1,
  );
}

function withRenames(
  changes: readonly FileChange[],
  sources: readonly RenameSource[],
  targets: readonly RenameTarget[],
): FileChange[] {
  const targetOf = new Map(targets.map((target) => [target.change, target]));
  const moved = new Set(sources.filter(({ uses }) => uses > 0).map(({ file }) => file));
  return changes.flatMap((change) => {
    const target = targetOf.get(change);
    if (target?.source) return [renameOf(target, target.source)];
    return change.before && !change.after && moved.has(change.before) ? [] : [change];
  });
}

/** Of several files with one source, the last is the rename and the others are copies. */
function renameOf({ file, score }: RenameTarget, source: RenameSource): FileChange {
  source.uses--;
  return {
    status: source.uses > 0 ? "C" : "R",
    before: source.file,
    after: file,
    similarity: Math.floor((score * 100) / SAME),
  };
}
