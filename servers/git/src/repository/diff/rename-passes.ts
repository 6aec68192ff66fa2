import type { ByteString } from "../bytes/byte-string.js";
import { isRegularFile } from "../file-mode.js";
import type { ObjectId } from "../object-id.js";
import { pair, type RenameSource, type RenameTarget, type SimilarityScores } from "./rename-candidates.js";
import { SAME } from "./similarity.js";

/** Equal files that are looked at for one with the same name. */
const MOST_EQUAL_SOURCES = 100;

/** Pairs targets with sources of equal content: unused ones first, then those of the same name. */
export function* pairEqual(
  sources: readonly RenameSource[],
  targets: readonly RenameTarget[],
  scores: SimilarityScores,
  copies: boolean,
): Generator<void> {
  const byId = new Map<ObjectId, RenameSource[]>();
  for (const source of sources) {
    const id = scores.idOf(source.file);
    const equal = byId.get(id);
    if (equal) equal.push(source);
    else byId.set(id, [source]);
    yield;
  }
  for (const target of targets) {
    const source = bestEqual(target, byId.get(scores.idOf(target.file)) ?? [], copies);
    if (source) pair(target, source, SAME);
    yield;
  }
}

function bestEqual(
  { file, name }: RenameTarget,
  sources: readonly RenameSource[],
  copies: boolean,
): RenameSource | undefined {
  let best: RenameSource | undefined;
  let bestRank = -1;
  let seen = 0;
  for (const source of sources) {
    const bothRegular = isRegularFile(source.file.mode) && isRegularFile(file.mode);
    if (!bothRegular && source.file.mode !== file.mode) continue;
    if (source.uses > 0 && !copies) continue;
    const rank = Number(source.uses === 0) + Number(source.name === name);
    if (rank > bestRank) {
      best = source;
      bestRank = rank;
    }
    if (rank === 2 || ++seen === MOST_EQUAL_SOURCES) break;
  }
  return best;
}

/** Pairs files that alone have their name among all that are left, if they are similar enough: most moves keep the name. */
export function* pairByName(
  sources: readonly RenameSource[],
  targets: readonly RenameTarget[],
  scores: SimilarityScores,
  leastScore: number,
): Generator<void> {
  const sourceOf = onlyOnes(sources.filter(({ uses }) => uses === 0));
  const targetOf = onlyOnes(targets.filter(({ source }) => !source));
  for (const [name, source] of sourceOf) {
    const target = targetOf.get(name);
    if (!source || !target) continue;
    const score = scores.score(source.file, target.file);
    if (score >= leastScore) pair(target, source, score);
    yield;
  }
}

/** By file name; undefined where several have it. */
function onlyOnes<T extends { readonly name: ByteString }>(items: readonly T[]): Map<ByteString, T | undefined> {
  const byName = new Map<ByteString, T | undefined>();
  for (const item of items) {
    byName.set(item.name, byName.has(item.name) ? undefined : item);
  }
  return byName;
}

interface Candidate {
  readonly target: RenameTarget;
  readonly source: RenameSource;
  readonly score: number;
  readonly sameName: boolean;
}

/** Sources that are remembered for each target. */
const MOST_CANDIDATES = 4;

/** Pairs what is left: compares each target with each source and takes the most similar pairs first. */
export function* pairSimilar(
  sources: readonly RenameSource[],
  targets: readonly RenameTarget[],
  scores: SimilarityScores,
  { leastScore, copies }: { leastScore: number; copies: boolean },
): Generator<void> {
  const candidates: Candidate[] = [];
  for (const target of targets) {
    const best: Candidate[] = [];
    for (const source of sources) {
      const score = scores.score(source.file, target.file);
      keepBest(best, { target, source, score, sameName: source.name === target.name });
      yield;
    }
    candidates.push(...best);
  }
  candidates.sort(compareCandidates);
  const usable = candidates.filter(({ score }) => score >= leastScore);
  for (const reuse of copies ? [false, true] : [false]) {
    for (const { target, source, score } of usable)
      if (!target.source && (reuse || source.uses === 0)) pair(target, source, score);
  }
}

/** Best first; git's sort is stable too. */
const compareCandidates = (one: Candidate, other: Candidate): number =>
  other.score - one.score || Number(other.sameName) - Number(one.sameName);

/** Takes the place of the first of the worst ones, if it is better. */
function keepBest(best: Candidate[], candidate: Candidate): void {
  if (best.length < MOST_CANDIDATES) {
    best.push(candidate);
    return;
  }
  let worst = 0;
  best.forEach((other, index) => {
    const current = best[worst];
    if (current && compareCandidates(other, current) > 0) worst = index;
  });
  const replaced = best[worst];
  if (replaced && compareCandidates(replaced, candidate) > 0) best[worst] = candidate;
}
